package org.memcachedsession.http;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/**
 * Saves when an asynchronous request has timed out or failed. Comes after the listeners of the application: where
 * none of them has answered, the server does it by itself, past the save points. For one cycle, since in
 * the next it would come before them.
 */
final class SaveAtFailure implements AsyncListener {

    private final Exchange exchange;

    SaveAtFailure(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        exchange.beforeCompletion();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        // saved before
    }

    @Override
    public void onError(AsyncEvent event) {
        exchange.beforeCompletion(); // what has failed may not be under the filter
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // a new cycle drops the listeners
    }
}
