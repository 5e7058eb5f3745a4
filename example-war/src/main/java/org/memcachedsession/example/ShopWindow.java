package org.memcachedsession.example;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Map;
import org.memcachedsession.MemcachedSession;

/** Looks at the session of the request without beginning one. */
@ApplicationScoped
public class ShopWindow {

    private final Cart cart;
    private final Visitor visitor;
    private final MemcachedSession session;
    private final Shelf shelf;

    // for the proxy
    ShopWindow() {
        this(null, null, null, null);
    }

    @Inject
    ShopWindow(Cart cart, Visitor visitor, MemcachedSession session, Shelf shelf) {
        this.cart = cart;
        this.visitor = visitor;
        this.session = session;
        this.shelf = shelf;
    }

    public ShopView look() {
        // the first call of a bean of the scope begins a session, and looking should not
        boolean exists = session.exists();
        Map<String, Integer> quantities = exists ? cart.quantities() : Map.of();
        String name = exists ? visitor.name().orElse(null) : null;
        return new ShopView(
                name, CartView.of(quantities, shelf), SessionView.of(session, Instant.now()));
    }
}
