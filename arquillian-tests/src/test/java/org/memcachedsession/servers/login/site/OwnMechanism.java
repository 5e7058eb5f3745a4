package org.memcachedsession.servers.login.site;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.AutoApplySession;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.IdentityStoreHandler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Takes the user from a parameter, or from an attribute where the application authenticates. */
@ApplicationScoped
@AutoApplySession
public class OwnMechanism implements HttpAuthenticationMechanism {

    @Inject private IdentityStoreHandler stores;

    @Override
    public AuthenticationStatus validateRequest(
            HttpServletRequest request, HttpServletResponse response, HttpMessageContext message) {
        String name = (String) request.getAttribute(Users.CREDENTIALS);
        if (name == null) {
            name = request.getParameter("user");
        }
        return name == null
                ? message.doNothing()
                : message.notifyContainerAboutLogin(
                        stores.validate(new UsernamePasswordCredential(name, Users.PASSWORD)));
    }
}
