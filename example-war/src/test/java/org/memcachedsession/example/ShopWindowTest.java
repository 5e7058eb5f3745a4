package org.memcachedsession.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memcachedsession.SessionOrigin.LOADED;
import static org.memcachedsession.SessionOrigin.NONE_SENT;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.memcachedsession.MemcachedSession;

class ShopWindowTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final Shelf shelf = new Shelf();

    @Test
    void lookingWithoutASessionUsesNoBeanOfIt() {
        Cart untouchedCart = null;
        Visitor untouchedVisitor = null;

        ShopView view = new ShopWindow(untouchedCart, untouchedVisitor, noSession(), shelf).look();

        assertThat(view.visitor()).isNull();
        assertThat(view.cart().lines()).isEmpty();
        assertThat(view.session()).isEqualTo(new SessionView(false, "NONE_SENT", null, null, null));
    }

    @Test
    void aSessionIsShownWithCartAndVisitor() {
        Cart cart = new Cart();
        cart.add(shelf.get("assam"));
        Visitor visitor = new Visitor();
        visitor.signIn("Ada");

        ShopView view = new ShopWindow(cart, visitor, session(), shelf).look();

        assertThat(view.visitor()).isEqualTo("Ada");
        assertThat(view.cart().totalCents()).isEqualTo(640);
        assertThat(view.session().fingerprint()).isEqualTo("f00d");
    }

    @Test
    void timesAreRelativeToTheClockOfTheNode() {
        assertThat(SessionView.of(session(), NOW))
                .isEqualTo(new SessionView(true, "LOADED", "f00d", 90L, 1800L));
    }

    private static MemcachedSession session() {
        return answering(
                Map.of(
                        "exists", true,
                        "origin", LOADED,
                        "fingerprint", Optional.of("f00d"),
                        "createdAt", Optional.of(NOW.minusSeconds(90)),
                        "expiresAt", Optional.of(NOW.plusSeconds(1800))));
    }

    private static MemcachedSession noSession() {
        return answering(
                Map.of(
                        "exists", false,
                        "origin", NONE_SENT,
                        "fingerprint", Optional.empty(),
                        "createdAt", Optional.empty(),
                        "expiresAt", Optional.empty()));
    }

    /** A handle that knows these answers and no other method. */
    private static MemcachedSession answering(Map<String, Object> answers) {
        return (MemcachedSession)
                Proxy.newProxyInstance(
                        MemcachedSession.class.getClassLoader(),
                        new Class<?>[] {MemcachedSession.class},
                        (proxy, method, arguments) -> answers.get(method.getName()));
    }
}
