package org.memcachedsession.servers.socket;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import org.memcachedsession.MemcachedSession;

/** What the browser does besides its WebSockets. */
@Path("")
public class SocketResource {

    @Inject Counters counters;
    @Inject MemcachedSession session;
    @Inject Letters letters;

    @POST
    @Path("add")
    public int add(@QueryParam("counter") String counter) {
        return counters.add(counter);
    }

    @POST
    @Path("add-and-wait")
    public int addAndWait(
            @QueryParam("counter") String counter,
            @QueryParam("added") String added,
            @QueryParam("go") String go)
            throws Exception {
        int count = counters.add(counter);
        letters.leave(added, "");
        letters.await(go);
        return count;
    }

    @GET
    @Path("counts")
    public String counts() {
        return session.exists() ? counters.counts() : "none";
    }

    @GET
    @Path("origin")
    public String origin() {
        return session.exists() + " " + session.origin();
    }

    @POST
    @Path("end")
    public void end() {
        session.invalidate();
    }

    @GET
    @Path("await")
    public String await(@QueryParam("letter") String letter) throws Exception {
        return letters.await(letter);
    }

    @POST
    @Path("leave")
    public void leave(@QueryParam("letter") String letter) {
        letters.leave(letter, "");
    }
}
