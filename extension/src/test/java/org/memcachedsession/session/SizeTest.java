package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memcachedsession.LoggedMessages;
import org.memcachedsession.SessionTooLargeException;
import org.memcachedsession.codec.Compression;
import org.memcachedsession.codec.SealedRecordCodec;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/** Sessions that grow: a warning, then an exception, and what is stored stays. */
class SizeTest extends RulesFixture {

    private static final int LIMIT = 10_000;
    private static final int WARNING = 2_000;

    private final LoggedMessages logged = LoggedMessages.record();
    private final Sessions uncompressed = uncompressed(LIMIT);

    @BeforeEach
    void forget() {
        logged.forget();
    }

    @AfterEach
    void stopRecording() {
        logged.close();
    }

    private static SessionRules rules(int limit) {
        return new SessionRules(
                IDLE,
                ABSOLUTE,
                true,
                Duration.ofSeconds(30),
                Optional.empty(),
                false,
                false,
                limit,
                WARNING,
                false,
                true);
    }

    /** A node whose items have as many bytes as their texts, and some more. */
    private Sessions uncompressed(int limit) {
        return new Sessions(
                store,
                new SealedRecordCodec(
                        "test",
                        List.of(),
                        new SecureRandom(),
                        new Compression(OptionalInt.empty(), limit)),
                beans,
                beans,
                clock,
                new SecureRandom(),
                rules(limit));
    }

    private static BeanKey bean(int number) {
        return new BeanKey("class Bean" + number);
    }

    /** One request that gives one bean so many bytes. */
    private static SessionId put(Sessions node, SessionId id, BeanKey key, int bytes) {
        UnitOfWork unit = node.begin(id == null ? List.of() : List.of(id));
        try {
            text(unit, key).value = "x".repeat(bytes);
            unit.save();
            return unit.ids().get(0);
        } finally {
            unit.close();
        }
    }

    private SessionTooLargeException refusal(Sessions node, SessionId id, BeanKey key, int bytes) {
        return catchThrowableOfType(
                SessionTooLargeException.class, () -> put(node, id, key, bytes));
    }

    private int itemBytes(SessionId id) {
        return store.load(codec.itemKey(id)).orElseThrow().value().length;
    }

    // ---- the limit

    @Test
    void aSessionOfTheLimitIsStoredAndOfOneByteMoreNothingIsSent() {
        SessionId id = put(uncompressed, null, CART, 1000);
        for (int bytes = 1001; bytes <= 1010; bytes++) {
            put(uncompressed, id, CART, bytes); // until the record has as many saves as it keeps
        }
        int rest = itemBytes(id) - 1010;
        put(uncompressed, id, CART, LIMIT - rest);
        assertThat(itemBytes(id)).isEqualTo(LIMIT);

        countCalls();
        SessionTooLargeException refusal = refusal(uncompressed, id, CART, LIMIT - rest + 1);
        assertThat(refusal).hasMessageContaining("it has 10001 bytes");
        assertThat(calls).doesNotContain(Operation.REPLACE, Operation.OVERWRITE, Operation.CREATE);
        assertThat(stored(id, CART)).hasSize(LIMIT - rest);
    }

    @Test
    void theExceptionNamesSessionSizeLimitSettingAndTheFiveLargestBeans() {
        SessionId id = put(uncompressed, null, bean(0), 1);
        for (int i = 1; i < 7; i++) {
            put(uncompressed, id, bean(i), 100 * i);
        }
        SessionTooLargeException refusal = refusal(uncompressed, id, CART, LIMIT);

        assertThat(refusal)
                .hasMessageContaining("Session " + id.fingerprint() + " was not saved: it has 12")
                .hasMessageContaining(
                        " bytes in memcached, and 10000 are the most"
                                + " (memcached.session.size.limit)")
                .hasMessageContaining(
                        ": class Cart 10000, class Bean6 600, class Bean5 500, class Bean4 400,"
                                + " class Bean3 300. ")
                .hasMessageContaining("Nothing was sent, and what was stored before is still there")
                .hasMessageNotContaining(id.cookieValue())
                .hasMessageNotContaining("xx")
                .hasNoCause();
    }

    @Test
    void aNewSessionThatIsTooLargeLeavesNothingNeitherInTheStoreNorInTheBrowser() {
        UnitOfWork unit = uncompressed.begin(List.of());
        text(unit, CART).value = "x".repeat(LIMIT);
        assertThat(catchThrowableOfType(SessionTooLargeException.class, unit::save)).isNotNull();
        assertThat(unit.cookieChange()).isEmpty();
        unit.close();
        assertThat(store.size()).isZero();
    }

    /** The id is known by the log, and the one that it would have got by nobody. */
    @Test
    void aLoginThatMakesItTooLargeLeavesTheSessionUnderItsIdAndNamesThat() {
        SessionId id = put(uncompressed, null, CART, 100);
        UnitOfWork unit = uncompressed.begin(List.of(id));
        text(unit, CART).value = "x".repeat(LIMIT);
        unit.rotateId();
        assertThat(catchThrowableOfType(SessionTooLargeException.class, unit::save))
                .hasMessageContaining("Session " + id.fingerprint());
        assertThat(unit.cookieChange()).isEmpty();
        unit.close();

        assertThat(stored(id, CART)).hasSize(100);
        assertThat(store.size()).isOne();
    }

    @Test
    void whereTheStoreTakesLessThanTheLimitTheBeansAreNamedAndTheOldSessionStays() {
        Sessions generous = uncompressed(1_000_000);
        SessionId id = put(generous, null, NAME, 10);
        SessionTooLargeException refusal = refusal(generous, id, CART, 100_000);

        assertThat(refusal)
                .hasMessageContaining("Session " + id.fingerprint() + " was not saved: it has 100")
                .hasMessageContaining("which memcached.session.size.limit (1000000) allows, but ")
                .hasMessageEndingWith(": class Cart 100000, class Name 10");
        assertThat(refusal.getCause()).isInstanceOf(SessionTooLargeException.class);
        assertThat(stored(id, NAME)).hasSize(10);
        assertThat(refusal(generous, null, CART, 100_000)).isNotNull();
        assertThat(store.size()).isOne();
    }

    @Test
    void theLimitIsForWhatIsLeftAfterCompression() {
        Sessions compressing = node(rules(LIMIT));
        SessionId id = put(compressing, null, CART, 5 * LIMIT);
        assertThat(itemBytes(id)).isLessThan(1000);
        assertThat(stored(id, CART)).hasSize(5 * LIMIT);
        assertThat(logged.warnings()).isEmpty();
    }

    // ---- the warning

    @Test
    void aSessionThatGrowsIsWarnedOfOnceAndAgainWhenItHasDoubled() {
        SessionId id = put(uncompressed, null, CART, 1000);
        assertThat(logged.warnings()).isEmpty();

        put(uncompressed, id, CART, 2000);
        assertThat(logged.warnings())
                .singleElement()
                .asString()
                .startsWith("Session " + id.fingerprint() + " has grown to 21")
                .contains(
                        " bytes in memcached (memcached.session.size.warn is 2000, and 10000 are the"
                                + " most)")
                .endsWith(": class Cart 2000");

        logged.forget();
        for (int bytes = 2001; bytes < 2100; bytes++) {
            put(uncompressed, id, CART, bytes);
        }
        put(uncompressed, id, CART, 1);
        put(uncompressed, id, CART, 3900);
        assertThat(logged.warnings()).isEmpty();

        put(uncompressed, id, CART, 4300);
        put(uncompressed, id, CART, 4301);
        assertThat(logged.warnings()).hasSize(1);
    }

    @Test
    void theWarningNamesTheFiveLargestBeansTheLargestFirst() {
        SessionId id = put(uncompressed, null, bean(0), 1);
        for (int i = 1; i < 7; i++) {
            put(uncompressed, id, bean(i), 100 * i);
        }
        assertThat(logged.warnings())
                .singleElement()
                .asString()
                .endsWith(
                        ": class Bean6 600, class Bean5 500, class Bean4 400, class Bean3 300,"
                                + " class Bean2 200");
    }

    @Test
    void aSessionThatBeginsLargeIsWarnedOfOnEachNodeThatSavesItOnce() {
        SessionId id = put(uncompressed, null, CART, 3000);
        assertThat(logged.warnings()).hasSize(1);
        Sessions other = uncompressed(LIMIT);
        put(other, id, CART, 3001);
        put(other, id, CART, 3002);
        assertThat(logged.warnings()).hasSize(2);
    }

    @Test
    void aSessionThatGetsANewIdIsTheSame() {
        SessionId id = put(uncompressed, null, CART, 3000);
        logged.forget();
        for (int i = 0; i < 3; i++) {
            UnitOfWork unit = uncompressed.begin(List.of(id));
            text(unit, CART).value += "y";
            unit.rotateId();
            unit.save();
            SessionId next = given(unit);
            unit.close();
            assertThat(next).isNotEqualTo(id);
            id = next;
        }
        assertThat(logged.warnings()).isEmpty();
    }

    @Test
    void aSessionThatIsRefusedIsNotWarnedOf() {
        SessionId id = put(uncompressed, null, CART, 1);
        assertThat(refusal(uncompressed, id, CART, LIMIT)).isNotNull();
        assertThat(logged.warnings()).isEmpty();
    }
}
