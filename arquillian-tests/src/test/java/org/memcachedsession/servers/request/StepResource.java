package org.memcachedsession.servers.request;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.memcachedsession.servers.Gates;

@Path("steps")
@RequestScoped
public class StepResource {

    private static final long SHORT_MILLIS = 100;

    @Inject Steps steps;
    @Inject Note note;
    @Inject Ballot ballot;
    @Inject Gates gates;

    @Resource ManagedExecutorService executor;

    @GET
    @Path("sync")
    public String sync() {
        steps.add("sync");
        return "done";
    }

    @GET
    @Path("large")
    public String large() {
        steps.add("large");
        return "x".repeat(StepServlets.LARGE);
    }

    @GET
    @Path("no-content")
    public void noContent() {
        steps.add("no content");
    }

    @GET
    @Path("see-other")
    public Response seeOther() {
        steps.add("see other");
        return Response.seeOther(URI.create("steps/sync")).build();
    }

    @GET
    @Path("suspended")
    public void suspended(@Suspended AsyncResponse answer) {
        steps.add("suspended");
        answer.resume("done");
    }

    @GET
    @Path("resumed-elsewhere")
    public void resumedElsewhere(@Suspended AsyncResponse answer) {
        steps.add("suspended");
        executor.execute(() -> answer.resume("done"));
    }

    @GET
    @Path("timed-out")
    public void timedOut(@Suspended AsyncResponse answer) {
        steps.add("suspended");
        answer.setTimeoutHandler(late -> late.resume("too late"));
        answer.setTimeout(SHORT_MILLIS, TimeUnit.MILLISECONDS);
    }

    @GET
    @Path("timed-out-unanswered")
    public void timedOutUnanswered(@Suspended AsyncResponse answer) {
        steps.add("suspended");
        answer.setTimeout(SHORT_MILLIS, TimeUnit.MILLISECONDS);
    }

    @GET
    @Path("stage")
    public CompletionStage<String> stage() {
        steps.add("stage");
        return CompletableFuture.supplyAsync(() -> "done", executor);
    }

    @GET
    @Path("vote")
    public int vote() {
        return ballot.vote();
    }

    @GET
    @Path("vote-slowly")
    public int voteSlowly(@QueryParam("voted") String voted, @QueryParam("gate") String gate) {
        int votes = ballot.vote();
        gates.open(voted);
        gates.await(gate);
        return votes;
    }

    @GET
    @Path("vote-in-a-stage")
    public CompletionStage<Integer> voteInAStage(
            @QueryParam("voted") String voted, @QueryParam("gate") String gate) {
        int votes = ballot.vote();
        gates.open(voted);
        return CompletableFuture.supplyAsync(
                () -> {
                    gates.await(gate);
                    return votes;
                },
                executor);
    }

    @GET
    @Path("pass")
    public void pass(@QueryParam("gate") String gate) {
        gates.await(gate);
    }

    @GET
    @Path("count-in-a-stage")
    public CompletionStage<String> countInAStage() {
        steps.add("method");
        return CompletableFuture.supplyAsync(
                () -> {
                    steps.add("stage");
                    return "done";
                },
                executor);
    }

    @GET
    @Path("stage-done")
    public CompletionStage<String> stageDone() {
        steps.add("stage");
        return CompletableFuture.completedFuture("done");
    }

    @GET
    @Path("stage-failed")
    public CompletionStage<String> stageFailed() {
        steps.add("stage");
        return CompletableFuture.supplyAsync(
                () -> {
                    throw new StepServlets.Unforeseen();
                },
                executor);
    }

    @GET
    @Path("streaming")
    public StreamingOutput streaming() {
        return stream -> {
            steps.add("streaming");
            stream.write(new byte[] {'d', 'o', 'n', 'e'});
        };
    }

    @GET
    @Path("streaming-on")
    public StreamingOutput streamingOn(@QueryParam("gate") String gate) {
        return stream -> {
            steps.add("before flush");
            stream.write(new byte[] {'h', 'e', 'a', 'd', '\n'});
            // a flush alone stays in the buffer of some servers
            stream.write(new byte[StepServlets.LARGE]);
            stream.flush();
            gates.await(gate);
            steps.add("after flush");
            stream.write(new byte[] {'t', 'a', 'i', 'l'});
        };
    }

    @GET
    @Path("late")
    public StreamingOutput late() {
        return stream -> {
            stream.write(new byte[] {'h', 'e', 'a', 'd', '\n'});
            // a flush alone stays in the buffer of some servers
            stream.write(new byte[StepServlets.LARGE]);
            stream.flush();
            try {
                note.write("late");
                stream.write(new byte[] {'a', 'c', 'c', 'e', 'p', 't', 'e', 'd'});
            } catch (IllegalStateException e) {
                stream.write(new byte[] {'r', 'e', 'f', 'u', 's', 'e', 'd'});
            }
        };
    }

    @GET
    @Path("mapped")
    public String mapped() {
        throw new StepProviders.Mapped();
    }

    @GET
    @Path("filtered")
    @StepProviders.Filtered
    public String filtered() {
        steps.add("method");
        return "done";
    }

    @GET
    @Path("aborted")
    @StepProviders.Aborted
    public String aborted() {
        throw new IllegalStateException("the filter should have answered");
    }
}
