package org.memcachedsession.servers.history;

import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.SessionOrigin;

/** What {@link org.memcachedsession.history.Driver} asks, answered as it says there. */
@Path("")
@RequestScoped
public class HistoryResource {

    private static final String NONE = "-";

    private static final List<Class<? extends Kept>> BEANS =
            List.of(KeptFirst.class, KeptSecond.class, KeptThird.class);

    @Inject KeptFirst first;
    @Inject KeptSecond second;
    @Inject KeptThird third;
    @Inject MemcachedSession session;
    @Inject BeanManager beanManager;

    @GET
    @Path("idle")
    public Response idle() {
        return Response.ok("idle").header("History", "- UNASKED").build();
    }

    @GET
    @Path("read")
    public Response read() {
        return answer(Response.ok(), view(List.of(0, 1, 2)), 0);
    }

    @POST
    @Path("write")
    public Response write(
            @QueryParam("beans") String beans,
            @QueryParam("tag") String tag,
            @QueryParam("work") int workMicros,
            @QueryParam("body") int body) {
        return answer(Response.ok(), write(beans, tag, workMicros), body);
    }

    @POST
    @Path("write-and-redirect")
    public Response writeAndRedirect(
            @QueryParam("beans") String beans,
            @QueryParam("tag") String tag,
            @QueryParam("work") int workMicros,
            @QueryParam("body") int body) {
        return answer(Response.seeOther(URI.create("read")), write(beans, tag, workMicros), body);
    }

    @POST
    @Path("end")
    public Response end() {
        String ended = fingerprint();
        session.invalidate();
        return Response.ok("end").header("History", ended + " " + origin(ended)).build();
    }

    /** What the beans were before. */
    private String write(String beans, String tag, int workMicros) {
        List<Integer> numbers = Stream.of(beans.split(",")).map(Integer::valueOf).toList();
        String before = view(numbers);
        LockSupport.parkNanos(workMicros * 1000L);
        numbers.forEach(number -> List.of(first, second, third).get(number).write(tag));
        return before;
    }

    /** Looks without creating: a bean that is created is written. */
    private String view(List<Integer> numbers) {
        StringBuilder view = new StringBuilder();
        for (int number : numbers) {
            Kept kept = find(BEANS.get(number));
            view.append(" ").append(number).append("=").append(kept == null ? "-" : kept.view());
        }
        return view.toString();
    }

    private <T> T find(Class<T> type) {
        @SuppressWarnings("unchecked")
        Bean<T> bean = (Bean<T>) beanManager.resolve(beanManager.getBeans(type));
        return beanManager.getContext(MemcachedSessionScoped.class).get(bean);
    }

    private Response answer(Response.ResponseBuilder response, String view, int body) {
        if (session.origin() == SessionOrigin.UNAVAILABLE) {
            return Response.status(Response.Status.SERVICE_UNAVAILABLE).build();
        }
        String fingerprint = fingerprint();
        return response.entity("x".repeat(body))
                .header("History", fingerprint + " " + origin(fingerprint) + view)
                .build();
    }

    private String fingerprint() {
        return session.fingerprint().orElse(NONE);
    }

    /** To the history, only the request that ended a session has ended it. */
    private String origin(String fingerprint) {
        SessionOrigin origin = session.origin();
        boolean byAnother = origin == SessionOrigin.ENDED && fingerprint.equals(NONE);
        return (byAnother ? SessionOrigin.UNKNOWN : origin).name();
    }
}
