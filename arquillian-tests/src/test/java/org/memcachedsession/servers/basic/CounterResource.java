package org.memcachedsession.servers.basic;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.memcachedsession.MemcachedSession;

@Path("")
@RequestScoped
public class CounterResource {

    @Inject Counter counter;
    @Inject ServletCounter servletCounter;
    @Inject Ended ended;
    @Inject MemcachedSession session;

    @GET
    @Path("no-bean")
    public String noBean() {
        return "no bean";
    }

    @POST
    @Path("next")
    public int next() {
        return counter.next();
    }

    @GET
    @Path("count")
    public int count() {
        return counter.count();
    }

    @POST
    @Path("both")
    public String both() {
        return counter.next() + " " + servletCounter.next();
    }

    @GET
    @Path("origin")
    public String origin() {
        return session.isActive() + " " + session.exists() + " " + session.origin();
    }

    @GET
    @Path("fingerprint")
    public String fingerprint() {
        return session.fingerprint().orElse("none");
    }

    @GET
    @Path("times")
    public String times() {
        return session.idleTimeout().orElseThrow()
                + " "
                + session.createdAt().orElseThrow()
                + " "
                + session.expiresAt().orElseThrow()
                + " "
                + session.absoluteEnd().orElseThrow();
    }

    @POST
    @Path("end")
    public String end() {
        session.invalidate();
        return session.exists() + " " + session.origin();
    }

    @GET
    @Path("ended")
    public String ended() {
        return ended.counts().toString();
    }
}
