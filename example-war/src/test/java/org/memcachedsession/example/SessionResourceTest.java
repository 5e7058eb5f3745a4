package org.memcachedsession.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memcachedsession.SessionOrigin.CREATED;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memcachedsession.MemcachedSession;

class SessionResourceTest {

    private final Shelf shelf = new Shelf();
    private final Product sencha = shelf.get("sencha");
    private final Product teapot = shelf.get("teapot");
    private final Cart cart = new Cart();
    private final Visitor visitor = new Visitor();
    private final SessionResource resource = new SessionResource();

    private boolean ended;

    @BeforeEach
    void inject() {
        resource.cart = cart;
        resource.visitor = visitor;
        resource.session = session();
        resource.window = new ShopWindow(cart, visitor, resource.session, shelf);
    }

    @Test
    void aSignInEndsTheOldSessionAndTakesTheCartAlongIntoTheNewOne() {
        cart.setQuantity(teapot, 2);
        cart.add(sencha);

        ShopView view = resource.signIn("{\"name\": \" Ada \"}");

        assertThat(ended).isTrue();
        assertThat(view.visitor()).isEqualTo("Ada");
        assertThat(cart.quantities())
                .containsExactly(Map.entry("teapot", 2), Map.entry("sencha", 1));
    }

    @Test
    void aNameThatIsRefusedEndsNoSession() {
        cart.add(sencha);

        assertThatThrownBy(() -> resource.signIn("{\"name\": \"\"}"))
                .isInstanceOf(RefusedException.class);

        assertThat(ended).isFalse();
        assertThat(cart.quantities()).containsOnlyKeys("sencha");
    }

    /** A session whose end leaves an empty cart, as a new session has. */
    private MemcachedSession session() {
        Map<String, Object> answers =
                Map.of(
                        "exists", true,
                        "origin", CREATED,
                        "fingerprint", Optional.of("f00d"),
                        "createdAt", Optional.empty(),
                        "expiresAt", Optional.empty());
        return (MemcachedSession)
                Proxy.newProxyInstance(
                        MemcachedSession.class.getClassLoader(),
                        new Class<?>[] {MemcachedSession.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("invalidate")) {
                                assertThat(visitor.name()).as("signed in before").isEmpty();
                                cart.remove(sencha);
                                cart.remove(teapot);
                                ended = true;
                            }
                            return answers.get(method.getName());
                        });
    }
}
