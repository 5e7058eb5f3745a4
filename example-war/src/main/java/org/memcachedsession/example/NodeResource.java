package org.memcachedsession.example;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;

/** Touches no bean of the session. */
@Path("node")
@Produces(APPLICATION_JSON)
@RequestScoped
public class NodeResource {

    @Inject ShopNode node;
    @Context HttpServletRequest request;

    @GET
    public NodeView node() {
        return new NodeView(node.name(request), node.ports());
    }
}
