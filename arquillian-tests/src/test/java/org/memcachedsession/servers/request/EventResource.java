package org.memcachedsession.servers.request;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import org.memcachedsession.servers.Gates;

/** Sends events while the session goes on changing. */
@Path("events")
@RequestScoped
@Produces(MediaType.SERVER_SENT_EVENTS)
public class EventResource {

    @Inject Steps steps;
    @Inject Gates gates;

    @Resource ManagedExecutorService executor;

    @GET
    @Path("one")
    public void one(@Context SseEventSink sink, @Context Sse sse) {
        steps.add("event");
        sink.send(sse.newEvent("one"));
        sink.close();
    }

    @GET
    @Path("two")
    public void two(@QueryParam("gate") String gate, @Context SseEventSink sink, @Context Sse sse) {
        steps.add("before flush");
        executor.execute(
                () -> {
                    sink.send(sse.newEvent("head"));
                    gates.await(gate);
                    steps.add("after flush");
                    sink.send(sse.newEvent("tail"));
                    sink.close();
                });
    }
}
