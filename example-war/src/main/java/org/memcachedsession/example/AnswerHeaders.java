package org.memcachedsession.example;

import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;

/** Every answer, errors too, says which node gave it; none is kept by a cache. */
@Provider
public class AnswerHeaders implements ContainerResponseFilter {

    @Inject ShopNode node;
    @Context HttpServletRequest servletRequest;

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        response.getHeaders().putSingle("Shop-Node", node.name(servletRequest));
        response.getHeaders().putSingle("Cache-Control", "no-store");
    }
}
