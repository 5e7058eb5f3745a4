package org.memcachedsession.http;

import jakarta.security.auth.message.MessageInfo;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.AuthenticationParameters;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.Principal;
import java.util.Set;
import javax.security.auth.Subject;
import javax.security.auth.callback.CallbackHandler;

/** What a container tells a mechanism; answers by the container's own pair, as containers do. */
final class ContainerMessage implements HttpMessageContext {

    private final boolean isProtected;
    private HttpServletRequest request;
    private HttpServletResponse response;

    ContainerMessage(
            HttpServletRequest request, HttpServletResponse response, boolean isProtected) {
        this.request = request;
        this.response = response;
        this.isProtected = isProtected;
    }

    @Override
    public boolean isProtected() {
        return isProtected;
    }

    @Override
    public boolean isAuthenticationRequest() {
        return false;
    }

    @Override
    public boolean isRegisterSession() {
        return false;
    }

    @Override
    public void setRegisterSession(String callerName, Set<String> groups) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void cleanClientSubject() {
        throw new UnsupportedOperationException();
    }

    @Override
    public AuthenticationParameters getAuthParameters() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CallbackHandler getHandler() {
        throw new UnsupportedOperationException();
    }

    @Override
    public MessageInfo getMessageInfo() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Subject getClientSubject() {
        throw new UnsupportedOperationException();
    }

    @Override
    public HttpServletRequest getRequest() {
        return request;
    }

    @Override
    public void setRequest(HttpServletRequest other) {
        request = other;
    }

    @Override
    public HttpMessageContext withRequest(HttpServletRequest other) {
        request = other;
        return this;
    }

    @Override
    public HttpServletResponse getResponse() {
        return response;
    }

    @Override
    public void setResponse(HttpServletResponse other) {
        response = other;
    }

    @Override
    public AuthenticationStatus redirect(String location) {
        try {
            response.sendRedirect(location);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return AuthenticationStatus.SEND_CONTINUE;
    }

    @Override
    public AuthenticationStatus forward(String path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public AuthenticationStatus responseUnauthorized() {
        return refuse(HttpServletResponse.SC_UNAUTHORIZED);
    }

    @Override
    public AuthenticationStatus responseNotFound() {
        return refuse(HttpServletResponse.SC_NOT_FOUND);
    }

    private AuthenticationStatus refuse(int status) {
        try {
            response.sendError(status);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return AuthenticationStatus.SEND_FAILURE;
    }

    @Override
    public AuthenticationStatus notifyContainerAboutLogin(String name, Set<String> groups) {
        return AuthenticationStatus.SUCCESS;
    }

    @Override
    public AuthenticationStatus notifyContainerAboutLogin(Principal caller, Set<String> groups) {
        return AuthenticationStatus.SUCCESS;
    }

    @Override
    public AuthenticationStatus notifyContainerAboutLogin(CredentialValidationResult result) {
        return AuthenticationStatus.SUCCESS;
    }

    @Override
    public AuthenticationStatus doNothing() {
        return AuthenticationStatus.NOT_DONE;
    }

    @Override
    public Principal getCallerPrincipal() {
        return null;
    }

    @Override
    public Set<String> getGroups() {
        return Set.of();
    }
}
