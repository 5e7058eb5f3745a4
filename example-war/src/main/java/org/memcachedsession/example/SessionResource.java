package org.memcachedsession.example;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.RotateSessionId;

@Path("session")
@Produces(APPLICATION_JSON)
@RequestScoped
public class SessionResource {

    @Inject Visitor visitor;
    @Inject MemcachedSession session;
    @Inject ShopWindow window;

    @GET
    public ShopView look() {
        return window.look();
    }

    /**
     * The stub of a login: with {@code {"name": "Ada"}}, and no password. The session gets a new id, so
     * that one that somebody planted before gets nobody into it: when the answer leaves, so its
     * fingerprint is seen with the next request.
     */
    @PUT
    @Path("visitor")
    @Consumes(APPLICATION_JSON)
    @RotateSessionId
    public ShopView signIn(String body) {
        visitor.signIn(JsonBody.of(body).string("name"));
        return window.look();
    }

    /** Logout. */
    @DELETE
    public ShopView end() {
        session.invalidate();
        return window.look();
    }
}
