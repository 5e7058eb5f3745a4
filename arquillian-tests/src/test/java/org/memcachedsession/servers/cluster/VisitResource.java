package org.memcachedsession.servers.cluster;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.memcachedsession.MemcachedSession;

@Path("")
@RequestScoped
public class VisitResource {

    @Inject Visits visits;
    @Inject Greeter greeter;
    @Inject MemcachedSession session;

    @GET
    @Path("ready")
    public String ready() {
        return "ready";
    }

    @GET
    @Path("visits")
    public int visits() {
        return visits.count();
    }

    @POST
    @Path("visits")
    public int visit() {
        return visits.next();
    }

    @POST
    @Path("visit-and-see")
    public Response visitAndSee() {
        visits.next();
        return Response.seeOther(URI.create("visits")).build();
    }

    @POST
    @Path("greet")
    public String greet() {
        return greeter.greet();
    }

    @GET
    @Path("origin")
    public String origin() {
        return session.origin().name();
    }

    @POST
    @Path("end")
    public void end() {
        session.invalidate();
    }
}
