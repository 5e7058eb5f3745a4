package org.memcachedsession.servers.cookie;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.memcachedsession.MemcachedSession;

@Path("")
@RequestScoped
public class VisitsResource {

    @Inject Visits visits;
    @Inject MemcachedSession session;

    @GET
    @Path("none")
    public String none() {
        return "no bean";
    }

    @GET
    @Path("visit")
    public int visit() {
        return visits.next();
    }

    @GET
    @Path("count")
    public int count() {
        return visits.count();
    }

    @GET
    @Path("origin")
    public String origin() {
        return session.origin().toString();
    }

    @GET
    @Path("end")
    public String end() {
        session.invalidate();
        return session.origin().toString();
    }

    /** Reads, and says to caches what it is told to. */
    @GET
    @Path("said")
    public Response said(@QueryParam("words") String words) {
        return Response.ok(visits.count()).header(HttpHeaders.CACHE_CONTROL, words).build();
    }

    @GET
    @Path("said-without-session")
    public Response saidWithoutSession(@QueryParam("words") String words) {
        return Response.ok("no bean").header(HttpHeaders.CACHE_CONTROL, words).build();
    }

    @GET
    @Path("status")
    public Response status(@QueryParam("status") int status) {
        visits.count();
        return Response.status(status).build();
    }

    @GET
    @Path("redirect")
    public Response redirect() {
        visits.count();
        return Response.seeOther(URI.create("none")).build();
    }

    @GET
    @Path("long")
    public String longText() {
        return ("" + visits.count()).repeat(100_000);
    }

    @GET
    @Path("streamed")
    public StreamingOutput streamed() {
        int count = visits.count();
        return out -> {
            out.write(("" + count).getBytes(StandardCharsets.US_ASCII));
            out.flush();
            out.write(("" + count).getBytes(StandardCharsets.US_ASCII));
        };
    }
}
