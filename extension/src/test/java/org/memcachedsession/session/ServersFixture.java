package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.codec.TestCodec;
import org.memcachedsession.session.TextBeans.Text;
import org.memcachedsession.store.InMemoryServers;
import org.memcachedsession.store.InMemorySessionStore;

/** Three servers in memory, and nodes that each see them in their own way. */
abstract class ServersFixture {

    static final BeanKey CART = RulesFixture.CART;
    static final BeanKey NAME = RulesFixture.NAME;

    static final SessionRules RULES =
            new SessionRules(
                    RulesFixture.IDLE,
                    RulesFixture.ABSOLUTE,
                    true,
                    Duration.ofSeconds(30),
                    Optional.empty(),
                    false,
                    true,
                    100_000,
                    50_000,
                    false,
                    true);

    final SetClock clock = new SetClock();
    final RecordCodec codec = TestCodec.of("test");
    final TextBeans beans = new TextBeans();
    final List<InMemorySessionStore> servers =
            Stream.generate(() -> new InMemorySessionStore(clock, 100_000)).limit(3).toList();

    /** One that sees the servers in its own way. */
    final class Node {

        final InMemoryServers view;
        final Sessions sessions;

        Node(int copies) {
            view = new InMemoryServers(servers, copies);
            sessions = new Sessions(view, codec, beans, beans, clock, new SecureRandom(), RULES);
        }

        SessionId create(String cart) {
            UnitOfWork unit = sessions.begin(List.of());
            RulesFixture.text(unit, CART).value = cart;
            unit.save();
            SessionId id = RulesFixture.given(unit);
            unit.close();
            return id;
        }

        SessionId login(String user, String cart) {
            UnitOfWork unit = sessions.begin(List.of(), () -> Optional.of(user));
            unit.lookAtCaller();
            RulesFixture.text(unit, CART).value = cart;
            unit.save();
            SessionId id = RulesFixture.given(unit);
            unit.close();
            return id;
        }

        /** Of what is there; null if nothing is. */
        String read(SessionId id, BeanKey key) {
            UnitOfWork unit = sessions.begin(List.of(id));
            try {
                return RulesFixture.value(unit, key);
            } finally {
                unit.close();
            }
        }

        String read(SessionId id) {
            return read(id, CART);
        }

        SessionOrigin origin(SessionId id) {
            UnitOfWork unit = sessions.begin(List.of(id));
            try {
                RulesFixture.value(unit, CART);
                return unit.origin();
            } finally {
                unit.close();
            }
        }

        void write(SessionId id, BeanKey key, String value) {
            UnitOfWork unit = begun(id);
            RulesFixture.text(unit, key).value = value;
            unit.save();
            unit.close();
        }

        void write(SessionId id, String cart) {
            write(id, CART, cart);
        }

        /** A request that has loaded its session. */
        UnitOfWork begun(SessionId id) {
            UnitOfWork unit = sessions.begin(List.of(id));
            assertThat(unit.find(CART)).isInstanceOf(Text.class);
            return unit;
        }

        /** A request that uses nothing of its session. */
        void passBy(SessionId id) {
            UnitOfWork unit = sessions.begin(List.of(id));
            unit.save();
            unit.close();
        }

        void logOut(SessionId id) {
            UnitOfWork unit = begun(id);
            unit.invalidate();
            unit.close();
        }
    }

    /** What one server has of a session. */
    Optional<ItemContent> at(InMemorySessionStore server, SessionId id) {
        return server.load(codec.itemKey(id))
                .map(
                        item -> {
                            try {
                                return codec.open(id, item.value());
                            } catch (UnreadableException e) {
                                throw new AssertionError(e);
                            }
                        });
    }
}
