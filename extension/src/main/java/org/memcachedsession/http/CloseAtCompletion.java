package org.memcachedsession.http;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import org.memcachedsession.session.UnitOfWork;

/**
 * Closes the unit of work of an asynchronous request: the last chance, on whatever thread the server
 * completes the request. Where nobody answers in time, the server does so by itself, past our
 * wrapper: what was changed before is saved until then.
 */
final class CloseAtCompletion implements AsyncListener {

    private final Exchange exchange;
    private final UnitOfWork unitOfWork;

    CloseAtCompletion(Exchange exchange, UnitOfWork unitOfWork) {
        this.exchange = exchange;
        this.unitOfWork = unitOfWork;
    }

    @Override
    public void onComplete(AsyncEvent event) {
        unitOfWork.close();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this); // a new cycle drops the listeners
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        exchange.beforeCompletion();
    }

    @Override
    public void onError(AsyncEvent event) {
        exchange.beforeCompletion();
    }
}
