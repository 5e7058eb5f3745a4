package org.memcachedsession.session;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.memcachedsession.codec.TestCodec;
import org.memcachedsession.session.TextBeans.Text;
import org.memcachedsession.session.UnitOfWork.CookieChange;
import org.memcachedsession.store.InMemorySessionStore;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/** Nodes that share a store in memory, and what tests of the rules do with them. */
abstract class RulesFixture {

    static final BeanKey CART = new BeanKey("class Cart");
    static final BeanKey NAME = new BeanKey("class Name");
    static final Duration IDLE = Duration.ofMinutes(30);
    static final Duration ABSOLUTE = Duration.ofHours(12);

    static final SessionRules RULES =
            new SessionRules(
                    IDLE,
                    ABSOLUTE,
                    true,
                    Duration.ofSeconds(30),
                    Optional.empty(),
                    false,
                    false,
                    100_000,
                    50_000,
                    false,
                    true);

    final SetClock clock = new SetClock();
    final InMemorySessionStore store = new InMemorySessionStore(clock, 100_000);
    final RecordCodec codec = TestCodec.of("test");
    final TextBeans beans = new TextBeans();
    final Sessions sessions = node();
    final List<Operation> calls = new ArrayList<>();

    Sessions node() {
        return node(RULES);
    }

    /** One with settings of its own. */
    Sessions node(SessionRules rules) {
        return new Sessions(store, codec, beans, beans, clock, new SecureRandom(), rules);
    }

    void countCalls() {
        calls.clear();
        store.observe(
                new InMemorySessionStore.Calls() {
                    @Override
                    public void before(Operation operation, ItemKey key) {
                        calls.add(operation);
                    }
                });
    }

    static Text text(UnitOfWork unit, BeanKey key) {
        return (Text) unit.findOrCreate(key, () -> new Text(""));
    }

    static String value(UnitOfWork unit, BeanKey key) {
        Text text = (Text) unit.find(key);
        return text == null ? null : text.value;
    }

    /** A browser whose cart has this in it. */
    SessionId sessionWith(String cart) {
        UnitOfWork unit = sessions.begin(List.of());
        text(unit, CART).value = cart;
        unit.save();
        SessionId id = given(unit);
        unit.close();
        return id;
    }

    static SessionId given(UnitOfWork unit) {
        CookieChange change = unit.cookieChange().orElseThrow();
        return ((CookieChange.Give) change).id();
    }

    String stored(SessionId id, BeanKey key) {
        UnitOfWork unit = node().begin(List.of(id));
        String value = value(unit, key);
        unit.close();
        return value;
    }
}
