package org.memcachedsession.example;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;

@Path("cart/{product}")
@Produces(APPLICATION_JSON)
@RequestScoped
public class CartResource {

    @Inject Cart cart;
    @Inject Shelf shelf;
    @Inject ShopWindow window;

    @POST
    public ShopView addOne(@PathParam("product") String product) {
        cart.add(shelf.get(product));
        return window.look();
    }

    /** With {@code {"quantity": 3}}. */
    @PUT
    @Consumes(APPLICATION_JSON)
    public ShopView setQuantity(@PathParam("product") String product, String body) {
        Product wanted = shelf.get(product);
        int quantity = JsonBody.of(body).integer("quantity");
        cart.setQuantity(wanted, quantity);
        return window.look();
    }

    @DELETE
    public ShopView remove(@PathParam("product") String product) {
        cart.remove(shelf.get(product));
        return window.look();
    }
}
