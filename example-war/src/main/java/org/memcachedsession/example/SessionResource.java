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
import java.util.LinkedHashMap;
import java.util.Map;
import org.memcachedsession.MemcachedSession;

@Path("session")
@Produces(APPLICATION_JSON)
@RequestScoped
public class SessionResource {

    @Inject Cart cart;
    @Inject Visitor visitor;
    @Inject MemcachedSession session;
    @Inject ShopWindow window;

    @GET
    public ShopView look() {
        return window.look();
    }

    /**
     * The stub of a login: with {@code {"name": "Ada"}}, and no password. It ends the old session, so
     * that an id that somebody planted before gets nobody into the new one; the cart goes along.
     */
    @PUT
    @Path("visitor")
    @Consumes(APPLICATION_JSON)
    public ShopView signIn(String body) {
        String name = Visitor.checkedName(JsonBody.of(body).string("name"));
        Map<String, Integer> quantities =
                session.exists() ? new LinkedHashMap<>(cart.quantities()) : Map.of();
        session.invalidate();
        if (!quantities.isEmpty()) {
            cart.takeOver(quantities);
        }
        visitor.signIn(name);
        return window.look();
    }

    /** Logout. */
    @DELETE
    public ShopView end() {
        session.invalidate();
        return window.look();
    }
}
