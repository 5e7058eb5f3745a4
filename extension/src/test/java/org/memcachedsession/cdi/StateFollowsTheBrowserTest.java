package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.store.InMemorySessionStore;

class StateFollowsTheBrowserTest {

    private final InMemorySessionStore store =
            new InMemorySessionStore(Clock.systemUTC(), 1_000_000);
    private final TestNode node = TestNode.on(store, Clock.systemUTC()).beans(Cart.class).start();
    private final CookieJar browser = new CookieJar();

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void whatOneRequestPutsInTheNextOneFinds() throws Exception {
        Cart cart = node.bean(Cart.class);
        node.run(browser, () -> cart.items().add("book"));
        assertThat(browser.id()).isPresent();
        node.run(browser, () -> cart.items().add("pen"));
        assertThat(node.request(browser, () -> List.copyOf(cart.items())))
                .containsExactly("book", "pen");
        assertThat(node.request(new CookieJar(), () -> List.copyOf(cart.items()))).isEmpty();
    }

    @Test
    void invalidateEndsTheSessionOnTheServerAndInTheBrowser() throws Exception {
        Cart cart = node.bean(Cart.class);
        MemcachedSession session = node.bean(MemcachedSession.class);
        node.run(browser, () -> cart.items().add("book"));
        var id = browser.id().orElseThrow();
        node.run(browser, session::invalidate);
        assertThat(browser.id()).isEmpty();
        assertThat(store.sessions()).isZero();
        browser.take(id);
        assertThat(node.request(browser, session::origin)).isEqualTo(SessionOrigin.ENDED);
    }

    @MemcachedSessionScoped
    static class Cart implements Serializable {
        private static final long serialVersionUID = 1L;
        private final List<String> items = new ArrayList<>();

        List<String> items() {
            return items;
        }
    }
}
