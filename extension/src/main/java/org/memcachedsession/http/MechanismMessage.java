package org.memcachedsession.http;

import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContextWrapper;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * What an authentication mechanism sees of its request and answer: what sends the answer off comes by
 * us. The container goes on with its own pair, unless the mechanism gives it another one.
 */
final class MechanismMessage extends HttpMessageContextWrapper {

    private final Exchange exchange;
    private final HttpServletRequest plainRequest;
    private final HttpServletResponse plainResponse;

    MechanismMessage(HttpMessageContext message, Exchange exchange) {
        super(message);
        this.exchange = exchange;
        this.plainRequest = message.getRequest();
        this.plainResponse = message.getResponse();
    }

    @Override
    public HttpServletRequest getRequest() {
        HttpServletRequest request = super.getRequest();
        return request == plainRequest ? exchange.request() : request;
    }

    @Override
    public HttpServletResponse getResponse() {
        HttpServletResponse response = super.getResponse();
        return response == plainResponse ? exchange.response() : response;
    }

    @Override
    public HttpMessageContext withRequest(HttpServletRequest request) {
        setRequest(request);
        return this;
    }

    @Override
    public AuthenticationStatus redirect(String location) {
        exchange.beforeAnswer();
        return super.redirect(location);
    }

    /** With our pair, so that the page that is shown saves as any other does. */
    @Override
    public AuthenticationStatus forward(String path) {
        try {
            getRequest().getRequestDispatcher(path).forward(getRequest(), getResponse());
        } catch (IOException | ServletException e) {
            throw new IllegalStateException(e);
        }
        return AuthenticationStatus.SEND_CONTINUE;
    }

    @Override
    public AuthenticationStatus responseUnauthorized() {
        exchange.beforeAnswer();
        return super.responseUnauthorized();
    }

    @Override
    public AuthenticationStatus responseNotFound() {
        exchange.beforeAnswer();
        return super.responseNotFound();
    }
}
