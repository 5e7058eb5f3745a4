package org.memcachedsession.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import java.io.IOException;

/** The request as the application sees it: what starts or sends something off comes by us. */
final class ExchangeRequest extends HttpServletRequestWrapper {

    private final Exchange exchange;
    private ExchangeInputStream stream;

    ExchangeRequest(HttpServletRequest request, Exchange exchange) {
        super(request);
        this.exchange = exchange;
    }

    @Override
    public void login(String name, String password) throws ServletException {
        exchange.requireCanRotate(); // else somebody is logged in, and it fails nevertheless
        super.login(name, password);
        exchange.loggedIn();
    }

    /** True also if nothing had to be done: then nobody has logged in. */
    @Override
    public boolean authenticate(HttpServletResponse answer) throws IOException, ServletException {
        exchange.beforeAuthentication();
        try {
            return super.authenticate(answer);
        } finally {
            exchange.afterAuthentication();
        }
    }

    @Override
    public void logout() throws ServletException {
        try {
            super.logout();
        } finally {
            exchange.loggedOut();
        }
    }

    @Override
    public String changeSessionId() {
        exchange.requireCanRotate();
        String id = super.changeSessionId();
        exchange.loggedIn();
        return id;
    }

    /** By itself the server would take its own pair, past the save points. */
    @Override
    public AsyncContext startAsync() {
        return startAsync(this, exchange.response());
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
        return exchange.started(super.startAsync(request, response));
    }

    @Override
    public AsyncContext getAsyncContext() {
        return exchange.withSession(super.getAsyncContext());
    }

    @Override
    public <T extends HttpUpgradeHandler> T upgrade(Class<T> handlerClass)
            throws IOException, ServletException {
        exchange.beforeAnswer();
        T handler = super.upgrade(handlerClass);
        exchange.upgraded();
        return handler;
    }

    /** The server is asked each time: it refuses where the application has taken the reader. */
    @Override
    public ServletInputStream getInputStream() throws IOException {
        ServletInputStream servers = super.getInputStream();
        if (stream == null) {
            stream = new ExchangeInputStream(servers, exchange);
        }
        return stream;
    }

    /** What is included sends bytes but no headers: the cookie has to be there before. */
    @Override
    public RequestDispatcher getRequestDispatcher(String path) {
        RequestDispatcher dispatcher = super.getRequestDispatcher(path);
        return dispatcher == null || exchange.wantsServersDispatcher()
                ? dispatcher
                : new SavingDispatcher(dispatcher, exchange);
    }

    private record SavingDispatcher(RequestDispatcher dispatcher, Exchange exchange)
            implements RequestDispatcher {

        @Override
        public void forward(ServletRequest request, ServletResponse response)
                throws ServletException, IOException {
            dispatcher.forward(request, response);
        }

        @Override
        public void include(ServletRequest request, ServletResponse response)
                throws ServletException, IOException {
            exchange.beforeAnswer();
            dispatcher.include(request, response);
        }
    }
}
