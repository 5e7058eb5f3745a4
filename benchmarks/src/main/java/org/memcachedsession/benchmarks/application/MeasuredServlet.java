package org.memcachedsession.benchmarks.application;

import static java.nio.charset.StandardCharsets.US_ASCII;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The requests that are measured. What keeps the session is the subclass's. */
public abstract class MeasuredServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    /** Begins a session with so many items: the parameter {@code items}. */
    public static final String BEGIN = "/begin";

    /** Uses no session. */
    public static final String PLAIN = "/plain";

    /** Reads the items. */
    public static final String READ = "/read";

    /** Changes one item in place. */
    public static final String WRITE = "/write";

    /** What {@link #PLAIN} answers. */
    public static final String NO_SESSION = "no session";

    /** Keeps these in a new session. */
    protected abstract Items begin(
            HttpServletRequest request, HttpServletResponse response, Items items);

    /** The items of the request's session. */
    protected abstract Items read(HttpServletRequest request);

    /** The items of the request's session, after one more {@linkplain Items#change() change} that is kept. */
    protected abstract Items write(HttpServletRequest request);

    @Override
    protected final void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        byte[] answer = answer(request, response).getBytes(US_ASCII);
        response.setContentType("text/plain");
        response.setContentLength(answer.length);
        response.getOutputStream().write(answer);
    }

    private String answer(HttpServletRequest request, HttpServletResponse response) {
        return switch (request.getServletPath()) {
            case PLAIN -> NO_SESSION;
            case READ -> read(request).answer();
            case WRITE -> write(request).answer();
            case BEGIN ->
                    begin(
                                    request,
                                    response,
                                    Items.of(Integer.parseInt(request.getParameter("items"))))
                            .answer();
            default -> throw new IllegalArgumentException("no such path here");
        };
    }
}
