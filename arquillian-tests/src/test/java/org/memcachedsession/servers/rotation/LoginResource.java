package org.memcachedsession.servers.rotation;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.RotateSessionId;
import org.memcachedsession.SlidingExpiry;

/** A login that the application has made itself, in all ways in which JAX-RS can answer. */
@Path("")
@RequestScoped
public class LoginResource {

    @Inject Visitor visitor;
    @Inject Draft draft;
    @Inject Accounts accounts;
    @Inject AccountsBean accountsBean;
    @Inject MemcachedSession session;

    @Resource ManagedExecutorService executor;

    @POST
    @Path("arrive")
    public void arrive() {
        visitor.become("nobody");
        draft.write("of nobody");
    }

    @GET
    @Path("name")
    public String name() {
        return session.exists() ? visitor.name() : "no session";
    }

    @GET
    @Path("draft")
    public String draft() {
        return draft.text();
    }

    // ---- with and without success

    @POST
    @Path("login/status")
    @RotateSessionId
    public Response status(@QueryParam("status") int status) {
        if (status < 400) {
            visitor.become("Ada");
        }
        return Response.status(status).build();
    }

    @POST
    @Path("login/throws")
    @RotateSessionId
    public String throwException() {
        throw new NotAuthorizedException("a password");
    }

    @POST
    @Path("login/and-write")
    @RotateSessionId
    public void andWrite() {
        visitor.become("Ada");
        session.rotateId();
        draft.write("of Ada");
    }

    // ---- later

    @POST
    @Path("login/stage")
    @RotateSessionId
    public CompletionStage<Response> stage(@QueryParam("status") int status) {
        return CompletableFuture.supplyAsync(() -> status(status), executor);
    }

    @POST
    @Path("login/managed-future")
    @RotateSessionId
    public CompletableFuture<Response> managedFuture(@QueryParam("status") int status) {
        return executor.supplyAsync(() -> status(status));
    }

    @POST
    @Path("login/stage-fails")
    @RotateSessionId
    public CompletionStage<Response> stageFails() {
        CompletableFuture<Response> stage = new CompletableFuture<>();
        executor.execute(
                () -> stage.completeExceptionally(new NotAuthorizedException("a password")));
        return stage;
    }

    // ---- transactions

    @POST
    @Path("login/committed")
    public void committed() {
        accounts.commit();
    }

    @POST
    @Path("login/rolled-back")
    public Response rolledBack() {
        try {
            accounts.throwException();
            return Response.noContent().build();
        } catch (IllegalArgumentException e) {
            return Response.status(401).build();
        }
    }

    @POST
    @Path("login/rollback-only")
    public void rollbackOnly() {
        accounts.setRollbackOnly();
    }

    @POST
    @Path("login/committed-although-throwing")
    public Response committedAlthoughThrowing() {
        try {
            accounts.commitAlthoughThrowing(accounts::withinTheCallersTransaction);
            return Response.noContent().build();
        } catch (IllegalArgumentException e) {
            return Response.status(202).build();
        }
    }

    @POST
    @Path("login/rolled-back-later")
    public Response rolledBackLater() {
        try {
            accounts.rollBackAfter(accounts::withinTheCallersTransaction);
            return Response.noContent().build();
        } catch (IllegalArgumentException e) {
            return Response.status(401).build();
        }
    }

    @POST
    @Path("login/enterprise-bean")
    public void enterpriseBean() {
        accountsBean.commit();
    }

    @POST
    @Path("login/enterprise-bean-refuses")
    public boolean enterpriseBeanRefuses() {
        return accountsBean.refuse();
    }

    @POST
    @Path("login/enterprise-bean-rollback-only")
    public void enterpriseBeanRollbackOnly() {
        accountsBean.setRollbackOnly();
    }

    // ---- how long it lives

    @GET
    @Path("last-access")
    public String lastAccess() {
        return session.lastAccessedAt().orElseThrow().toString();
    }

    @POST
    @Path("poll")
    @SlidingExpiry(extend = false)
    public void poll() {
        visitor.become("somebody who polls");
    }

    @POST
    @Path("work")
    public void work() {
        visitor.become("somebody who works");
    }

    @POST
    @Path("remember")
    @SlidingExpiry(idle = "P14D", absolute = "P90D")
    public Response remember(@QueryParam("status") int status) {
        return Response.status(status).build();
    }

    @GET
    @Path("idle-timeout")
    public String idleTimeout() {
        return session.idleTimeout().orElseThrow().toString();
    }
}
