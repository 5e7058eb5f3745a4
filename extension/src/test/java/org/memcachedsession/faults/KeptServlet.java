package org.memcachedsession.faults;

import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.cdi.TestNode;

/**
 * Answers the browsers of {@link Browsers}: {@code /read}, {@code /write?beans=0,2&tag=…}, {@code /end} and {@code
 * /idle}, which uses no bean, with a header of what the request saw before it wrote; and {@code /hop}, with a count
 * that has gone up by one.
 */
final class KeptServlet extends HttpServlet {

    static final String VIEW = "History";

    private static final long serialVersionUID = 1L;
    private static final String NONE = "-";
    private static final List<Class<? extends Kept>> BEANS =
            List.of(Kept.First.class, Kept.Second.class, Kept.Third.class);

    private final transient TestNode node;

    KeptServlet(TestNode node) {
        this.node = node;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        switch (request.getServletPath()) {
            case "/idle" -> response.setHeader(VIEW, NONE + " UNASKED");
            case "/read" -> answer(response, view(List.of(0, 1, 2)));
            case "/write" ->
                    answer(
                            response,
                            write(request.getParameter("beans"), request.getParameter("tag")));
            case "/end" -> end(response);
            case "/hop" -> response.getWriter().print(node.bean(Kept.Hops.class).add());
            default -> response.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    private void end(HttpServletResponse response) throws IOException {
        String ended = fingerprint();
        session().invalidate();
        if (session().origin() == SessionOrigin.UNAVAILABLE) {
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            return;
        }
        response.setHeader(VIEW, ended + ' ' + origin(ended));
    }

    /** What the beans were before. */
    private String write(String beans, String tag) {
        List<Integer> numbers = Stream.of(beans.split(",")).map(Integer::valueOf).toList();
        String before = view(numbers);
        numbers.forEach(number -> node.bean(BEANS.get(number)).write(tag));
        return before;
    }

    /** Looks without creating: a bean that is created is written. */
    private String view(List<Integer> numbers) {
        StringBuilder view = new StringBuilder();
        for (int number : numbers) {
            Kept kept = find(BEANS.get(number));
            view.append(' ').append(number).append('=').append(kept == null ? NONE : kept.view());
        }
        return view.toString();
    }

    private <T> T find(Class<T> type) {
        BeanManager beans = node.container().getBeanManager();
        @SuppressWarnings("unchecked")
        Bean<T> bean = (Bean<T>) beans.resolve(beans.getBeans(type));
        return beans.getContext(MemcachedSessionScoped.class).get(bean);
    }

    private void answer(HttpServletResponse response, String view) throws IOException {
        if (session().origin() == SessionOrigin.UNAVAILABLE) {
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            return;
        }
        String fingerprint = fingerprint();
        response.setHeader(VIEW, fingerprint + ' ' + origin(fingerprint) + view);
    }

    private MemcachedSession session() {
        return node.bean(MemcachedSession.class);
    }

    private String fingerprint() {
        return session().fingerprint().orElse(NONE);
    }

    /** To the history, only the request that ended a session has ended it. */
    private String origin(String fingerprint) {
        SessionOrigin origin = session().origin();
        boolean byAnother = origin == SessionOrigin.ENDED && fingerprint.equals(NONE);
        return (byAnother ? SessionOrigin.UNKNOWN : origin).name();
    }
}
