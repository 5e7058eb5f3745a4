package org.memcachedsession.benchmarks.requests;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.memcachedsession.codec.Compression;
import org.memcachedsession.codec.SealedRecordCodec;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.Entry;
import org.memcachedsession.session.SessionHeader;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SessionRecord;
import org.memcachedsession.session.UnreadableException;

/**
 * What it costs to seal an item and to open it, in processor time of one thread. There is no library
 * without seal to compare with, so the share of the seal is computed. What is measured is more than the seal: it
 * counts the making and parsing of the record as well, and the bytes are not compressed before.
 */
final class SealingCost {

    static final String SERVER = "harness";
    static final String MODE = "sealing";
    static final String SEAL = "seal";
    static final String OPEN = "open";

    private static final int WARM_UP = 20_000;
    private static final int ROUND = 20_000;
    private static final int SIZE_LIMIT = 900 * 1024;
    private static final int NANOS_PER_MICRO = 1000;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final SealedRecordCodec codec =
            new SealedRecordCodec(
                    "/measured",
                    List.of(new byte[32]),
                    new SecureRandom(),
                    new Compression(OptionalInt.empty(), SIZE_LIMIT));
    private final SessionId id = SessionId.random(new SecureRandom());
    private final SessionSize size;
    private final SessionRecord session;

    /** Two of one session, opened in turn: the one that was opened last would not be opened again. */
    private final List<byte[]> sealed;

    private SealingCost(int items) {
        this.size = SessionSize.of(items);
        this.session =
                new SessionRecord(
                        SessionHeader.begun(
                                Instant.now(), Duration.ofMinutes(30), Duration.ofHours(12)),
                        List.of(),
                        new TreeMap<>(
                                Map.of(
                                        new BeanKey("class of items"),
                                        new Entry("", SessionSize.serialized(items)))));
        this.sealed = List.of(codec.seal(id, session), codec.seal(id, session));
    }

    /** As legs of which each request seals or opens one item. */
    static List<Leg> legs(int items, int repetitions) {
        SealingCost cost = new SealingCost(items);
        cost.seal(WARM_UP);
        cost.open(WARM_UP);
        List<Leg> legs = new ArrayList<>();
        for (int repetition = 1; repetition <= repetitions; repetition++) {
            legs.add(cost.leg(SEAL, repetition, cost.seal(ROUND)));
            legs.add(cost.leg(OPEN, repetition, cost.open(ROUND)));
        }
        return legs;
    }

    private Leg leg(String path, int repetition, long nanos) {
        long micros = nanos / NANOS_PER_MICRO;
        return new Leg(
                SERVER,
                MODE,
                "",
                1,
                size.items(),
                size.bytes(),
                path,
                0,
                repetition,
                ROUND,
                0,
                micros / 1000,
                micros,
                0,
                StoreStatistics.NOTHING,
                0);
    }

    private long seal(int times) {
        long start = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < times; i++) {
            require(codec.seal(id, session).length == sealed.get(0).length);
        }
        return THREADS.getCurrentThreadCpuTime() - start;
    }

    private long open(int times) {
        long start = THREADS.getCurrentThreadCpuTime();
        try {
            for (int i = 0; i < times; i++) {
                require(codec.open(id, sealed.get(i % 2)) != null);
            }
        } catch (UnreadableException e) {
            throw new MeasurementException("what was sealed does not open", e);
        }
        return THREADS.getCurrentThreadCpuTime() - start;
    }

    private static void require(boolean well) {
        if (!well) {
            throw new MeasurementException("what was sealed is not as long as before");
        }
    }
}
