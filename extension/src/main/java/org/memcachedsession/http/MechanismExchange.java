package org.memcachedsession.http;

import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.memcachedsession.session.CurrentUnitOfWork;

/**
 * Runs an authentication mechanism of Jakarta Security, which comes before every filter, and answers
 * by itself where it does not let the request on: a page to log in, a redirect to another site, a
 * refusal. What it changed until then is saved before, and the answer has its cookie.
 */
public final class MechanismExchange {

    /** What is called with a request, its answer and what Jakarta Security says of them. */
    public interface Mechanism {
        AuthenticationStatus validate(
                HttpServletRequest request,
                HttpServletResponse response,
                HttpMessageContext message)
                throws Exception;
    }

    private MechanismExchange() {}

    /** What the mechanism makes of the request. */
    public static AuthenticationStatus run(
            HttpServletRequest request,
            HttpServletResponse response,
            HttpMessageContext message,
            Mechanism mechanism)
            throws Exception {
        WebSessions webSessions = WebSessions.find(request.getServletContext());
        if (webSessions == null) {
            return mechanism.validate(request, response, message);
        }
        Exchange exchange =
                new Exchange(webSessions, webSessions.findOrBegin(request), request, response);
        try (CurrentUnitOfWork.Binding binding = exchange.bind()) {
            return run(exchange, message, mechanism);
        } catch (RuntimeException | AuthenticationException e) {
            if (!exchange.answersFailure(e)) {
                throw e;
            }
            return AuthenticationStatus.SEND_FAILURE;
        }
    }

    private static AuthenticationStatus run(
            Exchange exchange, HttpMessageContext message, Mechanism mechanism) throws Exception {
        AuthenticationStatus status;
        try {
            status =
                    mechanism.validate(
                            exchange.request(),
                            exchange.response(),
                            new MechanismMessage(message, exchange));
        } catch (Exception | Error e) {
            exchange.saveBesides(e);
            throw e;
        }
        if (!goesOn(status, message)) {
            exchange.saveAtEnd();
        }
        return status;
    }

    /** Whether the request comes to the filter, which saves. */
    private static boolean goesOn(AuthenticationStatus status, HttpMessageContext message) {
        return status == AuthenticationStatus.SUCCESS
                || (status == AuthenticationStatus.NOT_DONE && !message.isProtected());
    }
}
