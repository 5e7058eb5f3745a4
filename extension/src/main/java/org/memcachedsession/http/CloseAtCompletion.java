package org.memcachedsession.http;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import org.memcachedsession.session.UnitOfWork;

/**
 * Closes the unit of work of an asynchronous request: the last chance, on whatever thread the server
 * completes the request.
 */
final class CloseAtCompletion implements AsyncListener {

    private final UnitOfWork unitOfWork;

    CloseAtCompletion(UnitOfWork unitOfWork) {
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
        // completion follows
    }

    @Override
    public void onError(AsyncEvent event) {
        // completion follows
    }
}
