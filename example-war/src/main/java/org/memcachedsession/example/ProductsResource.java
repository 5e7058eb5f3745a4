package org.memcachedsession.example;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.util.List;

/** Touches no bean of the session, so nothing is asked of memcached. */
@Path("products")
@Produces(APPLICATION_JSON)
@RequestScoped
public class ProductsResource {

    @Inject Shelf shelf;

    @GET
    public List<Product> products() {
        return shelf.products();
    }
}
