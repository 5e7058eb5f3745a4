package org.memcachedsession.http;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/**
 * Closes the unit of work of an asynchronous request: the last chance, on whatever thread the server
 * completes the request. Comes after the listeners of the application: where none of them has answered a
 * time-out, the server does it by itself, past the save points.
 */
final class CloseAtCompletion implements AsyncListener {

    private final Exchange exchange;

    CloseAtCompletion(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void onComplete(AsyncEvent event) {
        exchange.close();
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
