package org.memcachedsession.servers.login.site;

import jakarta.inject.Inject;
import jakarta.security.enterprise.SecurityContext;
import jakarta.security.enterprise.authentication.mechanism.http.AuthenticationParameters;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Takes the name from its own form, whatever the mechanism is. */
@WebServlet("/custom-login")
public class CustomLoginServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    @Inject private transient SecurityContext security;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        AuthenticationParameters parameters =
                AuthenticationParameters.withParams()
                        .newAuthentication(request.getParameter("new") != null)
                        .credential(
                                new UsernamePasswordCredential(
                                        request.getParameter("as"),
                                        request.getParameter("password")));
        switch (security.authenticate(request, response, parameters)) {
            case SUCCESS -> response.sendRedirect("closed/look");
            case SEND_CONTINUE -> {} // the mechanism has answered
            default -> response.getWriter().print("not known");
        }
    }
}
