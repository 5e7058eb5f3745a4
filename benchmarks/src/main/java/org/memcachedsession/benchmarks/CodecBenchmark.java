package org.memcachedsession.benchmarks;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.memcachedsession.codec.AllowList;
import org.memcachedsession.codec.Compression;
import org.memcachedsession.codec.ForySerialization;
import org.memcachedsession.codec.JavaSerialization;
import org.memcachedsession.codec.SealedRecordCodec;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.Entry;
import org.memcachedsession.session.ItemContent;
import org.memcachedsession.session.SessionHeader;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SessionRecord;
import org.memcachedsession.session.UnreadableException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to make the item of a session with one bean, and to read it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CodecBenchmark {

    private static final int SIZE_LIMIT = 900 * 1024;

    /** The bean's bytes, about. */
    @Param({"1024", "4096", "32768"})
    private int size;

    private Order order;
    private byte[] written;
    private byte[] writtenByFory;
    private SessionId id;
    private SessionRecord session;
    private byte[] plainItem;
    private byte[] compressedItem;

    private final JavaSerialization serialization =
            new JavaSerialization(
                    List.of(CodecBenchmark.class.getClassLoader()),
                    new AllowList(List.of(Order.class.getName(), Order.Line.class.getName())));
    private final ForySerialization fory =
            new ForySerialization(
                    CodecBenchmark.class.getClassLoader(), List.of(Order.class, Order.Line.class));
    private final SealedRecordCodec plain = codec(OptionalInt.empty());
    private final SealedRecordCodec compressing = codec(OptionalInt.of(0));

    private static SealedRecordCodec codec(OptionalInt compressFrom) {
        return new SealedRecordCodec(
                "/shop",
                List.of(new byte[32]),
                new SecureRandom(),
                new Compression(compressFrom, SIZE_LIMIT));
    }

    /** Makes an order of the wanted size, and what is made of it. */
    @Setup
    public void fill() {
        int lines = 0;
        do {
            order = Order.of(++lines);
            written = write();
        } while (written.length < size);
        writtenByFory = writeByFory();
        id = SessionId.random(new SecureRandom());
        session =
                new SessionRecord(
                        SessionHeader.begun(
                                Instant.now(), Duration.ofMinutes(30), Duration.ofHours(12)),
                        List.of(),
                        new TreeMap<>(Map.of(new BeanKey("class Order"), new Entry("", written))));
        plainItem = plain.seal(id, session);
        compressedItem = compressing.seal(id, session);
        System.out.printf(
                "%nbean %d bytes (Fory %d), item %d, compressed %d%n",
                written.length, writtenByFory.length, plainItem.length, compressedItem.length);
    }

    /** The bean's bytes. */
    @Benchmark
    public byte[] write() {
        return serialization.write(order, order, "class Order").bytes();
    }

    /** The bean, by the list of classes and within limits. */
    @Benchmark
    public Object read() throws UnreadableException {
        return serialization.read(written, false).graph();
    }

    /** As the JDK reads without any filter: what {@link #read} takes more is the filter's cost. */
    @Benchmark
    public Object readWithoutFilter() throws IOException, ClassNotFoundException {
        try (var in = new ObjectInputStream(new ByteArrayInputStream(written))) {
            return in.readObject();
        }
    }

    /** As {@link #write}, where Apache Fory is there. */
    @Benchmark
    public byte[] writeByFory() {
        return fory.write(order).orElseThrow();
    }

    @Benchmark
    public Object readByFory() throws UnreadableException {
        return fory.read(writtenByFory).graph();
    }

    /** Record and seal. */
    @Benchmark
    public byte[] seal() {
        return plain.seal(id, session);
    }

    @Benchmark
    public ItemContent open() throws UnreadableException {
        return plain.open(id, plainItem);
    }

    /** What it takes more than {@link #seal} is the compression's cost. */
    @Benchmark
    public byte[] compressAndSeal() {
        return compressing.seal(id, session);
    }

    @Benchmark
    public ItemContent openCompressed() throws UnreadableException {
        return compressing.open(id, compressedItem);
    }
}
