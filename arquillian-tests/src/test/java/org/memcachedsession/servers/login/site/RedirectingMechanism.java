package org.memcachedsession.servers.login.site;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.AutoApplySession;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.Set;

/**
 * Sends users to another site and takes them back at {@code open/callback}, as OpenID Connect does; or
 * answers in another way that lets the request not on, as the parameter {@code way} says.
 */
@ApplicationScoped
@AutoApplySession
public class RedirectingMechanism implements HttpAuthenticationMechanism {

    @Inject private Handshake handshake;

    @Override
    public AuthenticationStatus validateRequest(
            HttpServletRequest request, HttpServletResponse response, HttpMessageContext message)
            throws AuthenticationException {
        if (request.getRequestURI().endsWith("/open/callback")) {
            return handshake.end(request.getParameter("state"))
                    ? message.notifyContainerAboutLogin(
                            request.getParameter("user"), Set.of("user"))
                    : message.responseUnauthorized();
        }
        return message.isProtected() ? begin(request, response, message) : message.doNothing();
    }

    private AuthenticationStatus begin(
            HttpServletRequest request, HttpServletResponse response, HttpMessageContext message)
            throws AuthenticationException {
        String elsewhere = "/provider?state=" + URLEncoder.encode(handshake.begin(), UTF_8);
        try {
            switch (String.valueOf(request.getParameter("way"))) {
                case "forward" -> {
                    return message.forward("/login");
                }
                case "unauthorized" -> {
                    return message.responseUnauthorized();
                }
                case "not-found" -> {
                    return message.responseNotFound();
                }
                case "response-redirect" -> {
                    response.sendRedirect(elsewhere);
                    return AuthenticationStatus.SEND_CONTINUE;
                }
                case "message-response" -> {
                    message.getResponse().sendError(HttpServletResponse.SC_FORBIDDEN);
                    return AuthenticationStatus.SEND_FAILURE;
                }
                case "written" -> {
                    response.getWriter().print("go to " + elsewhere);
                    response.flushBuffer();
                    return AuthenticationStatus.SEND_CONTINUE;
                }
                case "nothing" -> {
                    return AuthenticationStatus.SEND_FAILURE;
                }
                case "do-nothing" -> {
                    return message.doNothing();
                }
                case "exception" -> throw new AuthenticationException("on purpose");
                default -> {
                    return message.redirect(elsewhere);
                }
            }
        } catch (IOException e) {
            throw new AuthenticationException(e);
        }
    }
}
