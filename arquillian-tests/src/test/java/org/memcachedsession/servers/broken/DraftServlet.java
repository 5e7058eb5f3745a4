package org.memcachedsession.servers.broken;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

@WebServlet("/draft")
public class DraftServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    @Inject transient Draft draft;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.getWriter().print(draft.text());
    }
}
