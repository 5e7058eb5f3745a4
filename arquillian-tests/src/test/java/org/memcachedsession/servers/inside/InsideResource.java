package org.memcachedsession.servers.inside;

import static org.memcachedsession.servers.inside.Wishes.Occasion.BIRTHDAY;
import static org.memcachedsession.servers.inside.Wishes.Occasion.CHRISTMAS;

import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.Map;
import org.memcachedsession.MemcachedSession;

/** For what takes more than one request. */
@Path("")
@RequestScoped
public class InsideResource {

    @Inject Diary diary;
    @Inject Tally tally;
    @Inject Wired wired;
    @Inject Listener listener;
    @Inject Greeter greeter;
    @Inject Map<String, String> labels;

    @Inject
    @Wishes(BIRTHDAY)
    List<String> birthdayWishes;

    @Inject
    @Wishes(CHRISTMAS)
    List<String> christmasWishes;

    @Inject RequestNumber requestNumber;
    @Inject Instance<Tally> tallies;
    @Inject Instance<Wired> wireds;
    @Inject Event<Ping> pings;
    @Inject MemcachedSession session;

    @GET
    @Path("diary")
    public String diary() {
        return String.join("; ", diary.take());
    }

    @POST
    @Path("tally")
    public int tally() {
        return tally.next();
    }

    @POST
    @Path("greet")
    public String greet() {
        return greeter.greet("Ada");
    }

    @POST
    @Path("listen")
    public void listen() {
        listener.appear();
    }

    @POST
    @Path("ping")
    public void ping() {
        pings.fire(new Ping());
    }

    @POST
    @Path("wish")
    public void wish(
            @QueryParam("birthday") String birthday, @QueryParam("christmas") String xmas) {
        birthdayWishes.add(birthday);
        christmasWishes.add(xmas);
        labels.put(birthday, xmas);
    }

    @GET
    @Path("wishes")
    public String wishes() {
        return birthdayWishes + " " + christmasWishes + " " + labels;
    }

    @POST
    @Path("wired")
    public String wired() throws Exception {
        wired.ping();
        return String.join(
                "; ",
                "part " + wired.usePart(),
                "proxy " + wired.countThroughProxy(),
                "instance " + wired.countThroughInstance(),
                "beans " + wired.knowsBeanOf(Tally.class),
                "same request " + (wired.requestNumber() == requestNumber.number()),
                "same session "
                        + wired.sessionFingerprint().equals(session.fingerprint().orElseThrow()),
                "clerk " + wired.ask(),
                "no transaction " + wired.isWithoutTransaction(),
                "database " + wired.reachesDatabase());
    }

    @GET
    @Path("request-number")
    public int requestNumber() {
        return wired.requestNumber();
    }

    @POST
    @Path("destroy-tally")
    public void destroyTally() {
        tallies.destroy(tallies.get());
    }

    @POST
    @Path("destroy-wired")
    public void destroyWired() {
        wireds.destroy(wireds.get());
    }

    @POST
    @Path("end")
    public void end() {
        session.invalidate();
    }
}
