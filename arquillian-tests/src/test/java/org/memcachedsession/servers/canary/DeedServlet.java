package org.memcachedsession.servers.canary;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.memcachedsession.SessionException;

/** Sends its answer off by itself, and so meets what becomes of the session then. */
@WebServlet("/deeds/*")
public class DeedServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    @Inject transient Deeds deeds;
    @Inject transient Recorder recorder;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        try {
            String deed = request.getPathInfo().substring(1);
            response.getWriter().print(deeds.perform(deed, request.getParameter("gate")));
            response.flushBuffer();
        } catch (SessionException e) {
            recorder.note("application", e);
            throw e;
        }
    }
}
