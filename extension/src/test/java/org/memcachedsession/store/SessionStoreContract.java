package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memcachedsession.session.SessionStore.Replacement.CHANGED;
import static org.memcachedsession.session.SessionStore.Replacement.MISSING;
import static org.memcachedsession.session.SessionStore.Replacement.STORED;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.SessionTooLargeException;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.session.SessionStore.Written;
import org.memcachedsession.session.StoredItem;

/** What any session store does. A store passes by a subclass that opens it. */
public abstract class SessionStoreContract {

    protected static final int SIZE_LIMIT = 900_000;
    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);
    private static final int THREADS = 16;

    private final ItemKey key = new ItemKey("a-Key_1.x");
    private SessionStore store;

    /** An empty store that refuses values of more than {@link #SIZE_LIMIT} bytes. */
    protected abstract SessionStore open();

    /** What is left of an item's time, in seconds, as whoever keeps it says. */
    protected abstract long secondsLeft(ItemKey key);

    /** Returns when the item is gone, or when it should have been long ago. */
    protected abstract void awaitExpiry(SessionStore store, ItemKey key);

    /** Whether it tells the time left of an item. */
    protected boolean tellsTimeLeft() {
        return true;
    }

    /** Whether it tells the versions that it gives. */
    protected boolean tellsVersions() {
        return true;
    }

    @BeforeEach
    void openStore() {
        store = open();
    }

    @AfterEach
    void closeStore() {
        if (store != null) {
            store.close();
        }
    }

    @Test
    void whatWasNeverStoredIsNotFound() {
        assertThat(store.load(key)).isEmpty();
    }

    @Test
    void whatWasCreatedIsLoaded() {
        assertThat(store.create(key, bytes("one"), HALF_AN_HOUR).isStored()).isTrue();

        assertThat(store.load(key).orElseThrow().value()).isEqualTo(bytes("one"));
    }

    @Test
    void everyByteComesBackAsItWasStored() {
        byte[] everyByte = new byte[512];
        for (int i = 0; i < everyByte.length; i++) {
            everyByte[i] = (byte) i;
        }
        store.create(key, everyByte, HALF_AN_HOUR);

        assertThat(store.load(key).orElseThrow().value()).isEqualTo(everyByte);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"END\r\n", "VALUE a-Key_1.x 0 1 1\r\nx\r\nEND\r\n", "\r\n", "ERROR\r\n"})
    void aValueThatLooksLikeAnAnswerIsJustAValue(String value) {
        store.create(key, bytes(value), HALF_AN_HOUR);

        assertThat(store.load(key).orElseThrow().value()).isEqualTo(bytes(value));
        assertThat(store.touch(key, HALF_AN_HOUR)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 262_143, 262_144, 262_145, SIZE_LIMIT})
    void valuesOfAnySizeUpToTheLimitComeBackWhole(int size) {
        byte[] value = random(size);
        assertThat(store.create(key, value, HALF_AN_HOUR).isStored()).isTrue();
        StoredItem created = store.load(key).orElseThrow();
        assertThat(created.value()).isEqualTo(value);

        byte[] other = random(size);
        assertThat(store.replace(key, other, created.version(), HALF_AN_HOUR).outcome())
                .isEqualTo(STORED);
        assertThat(store.load(key).orElseThrow().value()).isEqualTo(other);
    }

    @Test
    void createDoesNotChangeWhatIsThere() {
        store.create(key, bytes("first"), HALF_AN_HOUR);
        long version = version();

        assertThat(store.create(key, bytes("second"), Duration.ofHours(5)).isStored()).isFalse();

        assertThat(value()).isEqualTo("first");
        assertThat(version()).isEqualTo(version);
        assertThat(secondsLeft(key)).isBetween(1790L, 1800L);
    }

    @Test
    void replaceStoresOverTheVersionThatWasLoaded() {
        store.create(key, bytes("one"), HALF_AN_HOUR);

        assertThat(store.replace(key, bytes("two"), version(), HALF_AN_HOUR).outcome())
                .isEqualTo(STORED);

        assertThat(value()).isEqualTo("two");
    }

    @Test
    void everyReplaceGivesAnotherVersionEvenWithTheSameBytes() {
        store.create(key, bytes("same"), HALF_AN_HOUR);
        long first = version();
        store.replace(key, bytes("same"), first, HALF_AN_HOUR);

        assertThat(version()).isNotEqualTo(first);
    }

    @Test
    void replaceWritesNothingOverAnotherVersion() {
        store.create(key, bytes("one"), HALF_AN_HOUR);
        long loaded = version();
        store.replace(key, bytes("theirs"), loaded, HALF_AN_HOUR);

        assertThat(store.replace(key, bytes("ours"), loaded, Duration.ofHours(5)).outcome())
                .isEqualTo(CHANGED);

        assertThat(value()).isEqualTo("theirs");
        assertThat(secondsLeft(key)).isBetween(1790L, 1800L);
    }

    @Test
    void replaceCreatesNothingWhereThereIsNothing() {
        assertThat(store.replace(key, bytes("x"), 1, HALF_AN_HOUR).outcome()).isEqualTo(MISSING);

        assertThat(store.load(key)).isEmpty();
    }

    @Test
    void replaceDoesNotBringADeletedItemBack() {
        store.create(key, bytes("one"), HALF_AN_HOUR);
        long loaded = version();
        store.delete(key);

        assertThat(store.replace(key, bytes("two"), loaded, HALF_AN_HOUR).outcome())
                .isEqualTo(MISSING);

        assertThat(store.load(key)).isEmpty();
    }

    @Test
    void aVersionFromBeforeADeletionDoesNotFitTheNextItem() {
        store.create(key, bytes("one"), HALF_AN_HOUR);
        long loaded = version();
        store.delete(key);
        store.create(key, bytes("another"), HALF_AN_HOUR);

        assertThat(store.replace(key, bytes("two"), loaded, HALF_AN_HOUR).outcome())
                .isEqualTo(CHANGED);

        assertThat(value()).isEqualTo("another");
    }

    @Test
    void overwriteStoresOverWhateverVersionIsThereAndStartsTheTimeAnew() {
        store.create(key, bytes("one"), HALF_AN_HOUR);
        long first = version();

        assertThat(store.overwrite(key, bytes("two"), Duration.ofHours(5))).isTrue();

        assertThat(value()).isEqualTo("two");
        assertThat(secondsLeft(key)).isBetween(17_990L, 18_000L);
        assertThat(store.replace(key, bytes("three"), first, HALF_AN_HOUR).outcome())
                .isEqualTo(CHANGED);
        assertThat(value()).isEqualTo("two");
    }

    @Test
    void overwriteCreatesNothingWhereThereIsNothing() {
        assertThat(store.overwrite(key, bytes("one"), HALF_AN_HOUR)).isFalse();
        assertThat(store.load(key)).isEmpty();

        store.create(key, bytes("one"), HALF_AN_HOUR);
        store.delete(key);
        assertThat(store.overwrite(key, bytes("two"), HALF_AN_HOUR)).isFalse();
        assertThat(store.load(key)).isEmpty();
    }

    @Test
    void overwriteOfAValueAboveTheLimitLeavesTheOldOne() {
        store.create(key, bytes("old"), HALF_AN_HOUR);
        byte[] large = new byte[SIZE_LIMIT + 1];

        assertThatThrownBy(() -> store.overwrite(key, large, HALF_AN_HOUR))
                .isInstanceOf(SessionTooLargeException.class);

        assertThat(value()).isEqualTo("old");
    }

    @Test
    void deleteRemoves() {
        store.create(key, bytes("one"), HALF_AN_HOUR);

        assertThat(store.delete(key)).isTrue();

        assertThat(store.load(key)).isEmpty();
        assertThat(store.delete(key)).isFalse();
        assertThat(store.touch(key, HALF_AN_HOUR)).isFalse();
    }

    @Test
    void touchStartsTheTimeAnewAndKeepsValueAndVersion() {
        store.create(key, bytes("one"), Duration.ofMinutes(1));
        long version = version();

        assertThat(store.touch(key, Duration.ofHours(1))).isTrue();

        assertThat(secondsLeft(key)).isBetween(3590L, 3600L);
        assertThat(value()).isEqualTo("one");
        assertThat(version()).isEqualTo(version);
    }

    @Test
    void touchCanShortenTheTime() {
        store.create(key, bytes("one"), Duration.ofHours(1));

        assertThat(store.touch(key, Duration.ofMinutes(1))).isTrue();

        assertThat(secondsLeft(key)).isBetween(50L, 60L);
    }

    @Test
    void replaceStartsTheTimeAnew() {
        store.create(key, bytes("one"), Duration.ofMinutes(1));

        store.replace(key, bytes("two"), version(), Duration.ofHours(1));

        assertThat(secondsLeft(key)).isBetween(3590L, 3600L);
    }

    @Test
    void loadDoesNotStartTheTimeAnew() {
        store.create(key, bytes("one"), Duration.ofSeconds(1));
        store.load(key);

        awaitExpiry(store, key);

        assertThat(store.load(key)).isEmpty();
    }

    @Test
    void aLoadThatTellsTheTimeLeftStartsItAnewIfItIsTo() {
        store.create(key, bytes("one"), Duration.ofMinutes(1));

        StoredItem found = store.load(key, Optional.of(Duration.ofHours(1))).orElseThrow();

        assertThat(found.value()).isEqualTo(bytes("one"));
        assertThat(found.timeLeft().isPresent()).isEqualTo(tellsTimeLeft());
        if (tellsTimeLeft()) {
            assertThat(found.timeLeft().get().toSeconds()).isBetween(50L, 60L);
            assertThat(secondsLeft(key)).isBetween(3590L, 3600L);
        } else {
            assertThat(secondsLeft(key)).isBetween(50L, 60L);
        }
        assertThat(version()).isEqualTo(found.version());
    }

    @Test
    void theVersionThatAWriteTellsIsTheOneThatALoadFinds() {
        Written created = store.create(key, bytes("one"), HALF_AN_HOUR);
        assertThat(created.version().isPresent()).isEqualTo(tellsVersions());
        created.version().ifPresent(version -> assertThat(version).isEqualTo(version()));

        Written replaced = store.replace(key, bytes("two"), version(), HALF_AN_HOUR);
        assertThat(replaced.version().isPresent()).isEqualTo(tellsVersions());
        replaced.version().ifPresent(version -> assertThat(version).isEqualTo(version()));
    }

    @Test
    void whatIsNotStoredHasNoVersion() {
        store.create(key, bytes("one"), HALF_AN_HOUR);

        assertThat(store.create(key, bytes("two"), HALF_AN_HOUR)).isEqualTo(Written.CHANGED);
        assertThat(store.replace(key, bytes("two"), version() + 1, HALF_AN_HOUR))
                .isEqualTo(Written.CHANGED);
        assertThat(store.replace(new ItemKey("other"), bytes("two"), 1, HALF_AN_HOUR))
                .isEqualTo(Written.MISSING);
    }

    @Test
    void anItemIsGoneWhenItsTimeEnds() {
        store.create(key, bytes("one"), Duration.ofHours(1));
        long version = version();
        store.touch(key, Duration.ofSeconds(1));

        awaitExpiry(store, key);

        assertThat(store.load(key)).isEmpty();
        assertThat(store.touch(key, HALF_AN_HOUR)).isFalse();
        assertThat(store.replace(key, bytes("two"), version, HALF_AN_HOUR).outcome())
                .isEqualTo(MISSING);
        assertThat(store.create(key, bytes("new"), HALF_AN_HOUR).isStored()).isTrue();
    }

    @Test
    void thirtyDaysAreThirtyDays() {
        store.create(key, bytes("one"), Duration.ofDays(30));

        assertThat(secondsLeft(key)).isBetween(2_591_990L, 2_592_000L);
        assertThat(value()).isEqualTo("one");
    }

    @Test
    void aFractionOfASecondIsRoundedUp() {
        store.create(key, bytes("one"), Duration.ofMillis(59_001));

        assertThat(secondsLeft(key)).isBetween(50L, 60L);
        assertThat(store.touch(key, Duration.ofNanos(1))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"P30DT1S", "PT0S", "PT-1S"})
    void aTimeThatMemcachedWouldMisunderstandIsRefused(Duration timeToLive) {
        store.create(key, bytes("one"), HALF_AN_HOUR);
        long version = version();
        ItemKey other = new ItemKey("other");

        assertThatThrownBy(() -> store.create(other, bytes("x"), timeToLive))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.replace(key, bytes("x"), version, timeToLive))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.touch(key, timeToLive))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(store.load(other)).isEmpty();
        assertThat(version()).isEqualTo(version);
    }

    @Test
    void aValueAboveTheLimitIsNotSentAndLeavesTheOldOne() {
        store.create(key, bytes("one"), HALF_AN_HOUR);
        long version = version();
        byte[] tooLarge = new byte[SIZE_LIMIT + 1];

        assertThatThrownBy(() -> store.replace(key, tooLarge, version, HALF_AN_HOUR))
                .isInstanceOf(SessionTooLargeException.class)
                .hasMessageContaining("900001 bytes")
                .hasMessageContaining("900000");
        assertThatThrownBy(() -> store.create(new ItemKey("other"), tooLarge, HALF_AN_HOUR))
                .isInstanceOf(SessionTooLargeException.class);

        assertThat(value()).isEqualTo("one");
        assertThat(version()).isEqualTo(version);
        assertThat(store.load(new ItemKey("other"))).isEmpty();
    }

    @Test
    void theLongestKeyWorksLikeAnyOther() {
        ItemKey longest = new ItemKey("k".repeat(200));

        assertThat(store.create(longest, bytes("one"), HALF_AN_HOUR).isStored()).isTrue();
        assertThat(store.load(longest).orElseThrow().value()).isEqualTo(bytes("one"));
        assertThat(store.delete(longest)).isTrue();
    }

    @Test
    void oneOfManyCreatesWins() throws Exception {
        assertThat(
                        sumOfRace(
                                thread ->
                                        store.create(key, bytes("t" + thread), HALF_AN_HOUR)
                                                .isStored()))
                .isEqualTo(1);
    }

    @Test
    void oneOfManyReplacesOfTheSameVersionWins() throws Exception {
        store.create(key, bytes("one"), HALF_AN_HOUR);
        long version = version();

        assertThat(
                        sumOfRace(
                                thread ->
                                        store.replace(
                                                        key,
                                                        bytes("t" + thread),
                                                        version,
                                                        HALF_AN_HOUR)
                                                .isStored()))
                .isEqualTo(1);
    }

    @Test
    void oneOfManyDeletesWins() throws Exception {
        store.create(key, bytes("one"), HALF_AN_HOUR);

        assertThat(sumOfRace(thread -> store.delete(key))).isEqualTo(1);
    }

    @Test
    void manyThreadsNeverSeeAValueOfAnotherKey() throws Exception {
        Set<String> foreign = ConcurrentHashMap.newKeySet();
        sumOfRace(
                thread -> {
                    Random random = new Random(thread);
                    for (int i = 0; i < 400; i++) {
                        ItemKey mixed = new ItemKey("key-" + random.nextInt(20));
                        byte[] value = bytes(mixed.text() + "=" + "x".repeat(random.nextInt(3000)));
                        store.load(mixed)
                                .map(item -> new String(item.value(), UTF_8))
                                .filter(text -> !text.startsWith(mixed.text() + "="))
                                .ifPresent(foreign::add);
                        any(random.nextInt(5), mixed, value);
                    }
                    return true;
                });

        assertThat(foreign).isEmpty();
    }

    @Test
    void noUpdateIsLostWhereEveryThreadReplacesWhatItLoaded() throws Exception {
        store.create(key, bytes("0"), HALF_AN_HOUR);
        sumOfRace(
                thread -> {
                    for (int i = 0; i < 20; i++) {
                        increment();
                    }
                    return true;
                });

        assertThat(value()).isEqualTo(String.valueOf(20 * THREADS));
    }

    @Test
    void aClosedStoreSaysSo() {
        store.close();
        store.close();

        assertThatThrownBy(() -> store.load(key))
                .isInstanceOf(SessionStoreException.class)
                .hasMessageContaining("closed");
    }

    private void increment() {
        while (true) {
            StoredItem item = store.load(key).orElseThrow();
            int next = Integer.parseInt(new String(item.value(), UTF_8)) + 1;
            if (store.replace(key, bytes(String.valueOf(next)), item.version(), HALF_AN_HOUR)
                    .isStored()) {
                return;
            }
        }
    }

    private void any(int operation, ItemKey on, byte[] value) {
        switch (operation) {
            case 0 -> store.create(on, value, HALF_AN_HOUR);
            case 1 -> store.touch(on, HALF_AN_HOUR);
            case 2 -> store.delete(on);
            default ->
                    store.load(on)
                            .ifPresent(
                                    item -> store.replace(on, value, item.version(), HALF_AN_HOUR));
        }
    }

    /** Something that a thread does at the same time as others. */
    interface Runner {
        boolean run(int thread) throws Exception;
    }

    private static long sumOfRace(Runner runner) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                results.add(
                        threads.submit(
                                () -> {
                                    start.await();
                                    return runner.run(number);
                                }));
            }
            long winners = 0;
            for (Future<Boolean> result : results) {
                winners += result.get() ? 1 : 0;
            }
            return winners;
        } finally {
            threads.shutdownNow();
        }
    }

    private String value() {
        return new String(store.load(key).orElseThrow().value(), UTF_8);
    }

    private long version() {
        return store.load(key).orElseThrow().version();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
