package org.memcachedsession.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import org.memcachedsession.session.CurrentUnitOfWork;

/** An asynchronous request whose tasks and callbacks have the session of the request. */
final class ExchangeAsyncContext implements AsyncContext {

    private final AsyncContext context;
    private final Exchange exchange;

    ExchangeAsyncContext(AsyncContext context, Exchange exchange) {
        this.context = context;
        this.exchange = exchange;
    }

    @Override
    public void start(Runnable task) {
        context.start(
                () -> {
                    try (CurrentUnitOfWork.Binding binding = exchange.bind()) {
                        task.run();
                    }
                });
    }

    @Override
    public void complete() {
        exchange.beforeCompletion();
        context.complete();
    }

    @Override
    public void addListener(AsyncListener listener) {
        context.addListener(new BoundListener(listener));
    }

    @Override
    public void addListener(
            AsyncListener listener, ServletRequest request, ServletResponse response) {
        context.addListener(new BoundListener(listener), request, response);
    }

    @Override
    public ServletRequest getRequest() {
        return context.getRequest();
    }

    @Override
    public ServletResponse getResponse() {
        return context.getResponse();
    }

    @Override
    public boolean hasOriginalRequestAndResponse() {
        return context.hasOriginalRequestAndResponse();
    }

    @Override
    public void dispatch() {
        exchange.withServersDispatcher(() -> context.dispatch());
    }

    @Override
    public void dispatch(String path) {
        exchange.withServersDispatcher(() -> context.dispatch(path));
    }

    @Override
    public void dispatch(ServletContext servletContext, String path) {
        exchange.withServersDispatcher(() -> context.dispatch(servletContext, path));
    }

    @Override
    public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
        return context.createListener(type);
    }

    @Override
    public void setTimeout(long milliseconds) {
        context.setTimeout(milliseconds);
    }

    @Override
    public long getTimeout() {
        return context.getTimeout();
    }

    private final class BoundListener implements AsyncListener {

        private final AsyncListener listener;

        BoundListener(AsyncListener listener) {
            this.listener = listener;
        }

        /** A listener that completes shall come by us. */
        private AsyncEvent ours(AsyncEvent event) {
            return new AsyncEvent(
                    exchange.withSession(event.getAsyncContext()),
                    event.getSuppliedRequest(),
                    event.getSuppliedResponse(),
                    event.getThrowable());
        }

        @Override
        public void onComplete(AsyncEvent event) throws IOException {
            try (CurrentUnitOfWork.Binding binding = exchange.bind()) {
                listener.onComplete(ours(event));
            }
        }

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {
            try (CurrentUnitOfWork.Binding binding = exchange.bind()) {
                listener.onTimeout(ours(event));
                exchange.beforeAnswer(); // the server may end it now by itself
            }
        }

        @Override
        public void onError(AsyncEvent event) throws IOException {
            try (CurrentUnitOfWork.Binding binding = exchange.bind()) {
                listener.onError(ours(event));
                exchange.beforeAnswer(); // the server may end it now by itself
            }
        }

        @Override
        public void onStartAsync(AsyncEvent event) throws IOException {
            try (CurrentUnitOfWork.Binding binding = exchange.bind()) {
                listener.onStartAsync(ours(event));
            }
        }
    }
}
