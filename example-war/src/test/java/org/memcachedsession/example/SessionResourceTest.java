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
import org.memcachedsession.RotateSessionId;

class SessionResourceTest {

    private final Shelf shelf = new Shelf();
    private final Product teapot = shelf.get("teapot");
    private final Cart cart = new Cart();
    private final Visitor visitor = new Visitor();
    private final SessionResource resource = new SessionResource();

    @BeforeEach
    void inject() {
        resource.visitor = visitor;
        resource.session = session();
        resource.window = new ShopWindow(cart, visitor, resource.session, shelf);
    }

    @Test
    void aSignInIsForAnIdOfItsOwnAndTheCartStays() throws Exception {
        cart.add(teapot);

        ShopView view = resource.signIn("{\"name\": \" Ada \"}");

        assertThat(view.visitor()).isEqualTo("Ada");
        assertThat(cart.quantities()).containsExactly(Map.entry("teapot", 1));
        assertThat(SessionResource.class.getMethod("signIn", String.class))
                .matches(method -> method.isAnnotationPresent(RotateSessionId.class));
    }

    @Test
    void aNameThatIsRefusedSignsNobodyIn() {
        assertThatThrownBy(() -> resource.signIn("{\"name\": \"\"}"))
                .isInstanceOf(RefusedException.class);

        assertThat(visitor.name()).isEmpty();
    }

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
                        (proxy, method, arguments) -> answers.get(method.getName()));
    }
}
