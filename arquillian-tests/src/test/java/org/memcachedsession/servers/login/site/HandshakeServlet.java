package org.memcachedsession.servers.login.site;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** What the mechanism remembers now. */
@WebServlet("/open/handshake")
public class HandshakeServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    @Inject private transient Handshake handshake;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.getWriter().print(handshake.state());
    }
}
