package org.memcachedsession.servers.broken;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import org.memcachedsession.MemcachedSession;

@Path("")
@RequestScoped
public class DraftResource {

    @Inject Draft draft;
    @Inject MemcachedSession session;

    @GET
    @Path("no-bean")
    public String noBean() {
        return "no bean";
    }

    @GET
    @Path("draft")
    public String read() {
        return draft.text();
    }

    @POST
    @Path("draft")
    public void write(@QueryParam("text") String text) {
        draft.write(text);
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
