package org.memcachedsession.benchmarks;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.memcachedsession.codec.AllowList;
import org.memcachedsession.codec.Compression;
import org.memcachedsession.codec.ForySerialization;
import org.memcachedsession.codec.JavaSerialization;
import org.memcachedsession.codec.SealedRecordCodec;
import org.memcachedsession.codec.Shape;
import org.memcachedsession.codec.Shapes;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.Entry;
import org.memcachedsession.session.ItemContent;
import org.memcachedsession.session.ItemKey;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * What it costs to make the item of a session, and to read it, step by step. With {@code -prof gc} it also says what
 * each step allocates.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CodecBenchmark {

    private static final int SIZE_LIMIT = 900 * 1024;

    /** More than a node remembers what it has derived for. */
    private static final int STRANGERS = 1 << 16;

    /** Bytes of all beans by JDK serialization, about: the least is an empty order for each. */
    @Param({"512", "4096", "32768"})
    private int size;

    /** They share {@link #size}. */
    @Param({"1", "10"})
    private int beans;

    private final List<Order> orders = new ArrayList<>();
    private final Shapes shapes = new Shapes();
    private final List<Shape> taken = new ArrayList<>();
    private final List<byte[]> written = new ArrayList<>();
    private final List<byte[]> writtenByJdk = new ArrayList<>();
    private final List<byte[]> writtenByFory = new ArrayList<>();
    private final SessionId[] strangers = new SessionId[STRANGERS];
    private int stranger;
    private SessionId id;
    private SessionRecord session;
    private final byte[][] plainItems = new byte[2][];
    private final byte[][] compressedItems = new byte[2][];
    private int turn;

    private final JavaSerialization serialization =
            new JavaSerialization(
                    List.of(CodecBenchmark.class.getClassLoader()),
                    new AllowList(List.of(Order.class.getName(), Order.Line.class.getName())));
    private final ForySerialization fory =
            new ForySerialization(
                    CodecBenchmark.class.getClassLoader(), List.of(Order.class, Order.Line.class));
    private final SealedRecordCodec plain = codec(OptionalInt.empty());
    private final SealedRecordCodec again = codec(OptionalInt.empty());
    private final SealedRecordCodec compressing = codec(OptionalInt.of(0));

    private static SealedRecordCodec codec(OptionalInt compressFrom) {
        return new SealedRecordCodec(
                "/shop",
                List.of(new byte[32]),
                new SecureRandom(),
                new Compression(compressFrom, SIZE_LIMIT));
    }

    /** Makes orders of the wanted size, and what is made of them. */
    @Setup
    public void fill() throws IOException {
        TreeMap<BeanKey, Entry> entries = new TreeMap<>();
        for (int i = 0; i < beans; i++) {
            Order order = orderOf(size / beans);
            orders.add(order);
            taken.add(shapes.of(order).orElseThrow());
            written.add(written(order));
            writtenByJdk.add(writtenByJdk(order));
            writtenByFory.add(fory.write(order).orElseThrow());
            entries.put(new BeanKey("class Order" + i), new Entry("", written.get(i)));
        }
        SecureRandom random = new SecureRandom();
        id = SessionId.random(random);
        for (int i = 0; i < STRANGERS; i++) {
            strangers[i] = SessionId.random(random);
        }
        session =
                new SessionRecord(
                        SessionHeader.begun(
                                Instant.now(), Duration.ofMinutes(30), Duration.ofHours(12)),
                        List.of(1L, 2L),
                        entries);
        for (int i = 0; i < 2; i++) {
            plainItems[i] = plain.seal(id, session);
            compressedItems[i] = compressing.seal(id, session);
        }
        System.out.printf(
                "%nbeans %d bytes (Fory %d), item %d, compressed %d%n",
                lengths(written),
                lengths(writtenByFory),
                plainItems[0].length,
                compressedItems[0].length);
    }

    private Order orderOf(int bytes) {
        int lines = 0;
        while (written(Order.of(lines)).length < bytes) {
            lines++;
        }
        return Order.of(lines);
    }

    private byte[] written(Order order) {
        return serialization.write(order, order, "class Order").bytes();
    }

    private static int lengths(List<byte[]> all) {
        return all.stream().mapToInt(bytes -> bytes.length).sum();
    }

    private SessionId stranger() {
        stranger = (stranger + 1) % STRANGERS;
        return strangers[stranger];
    }

    /** Where the session is kept, of which the node has heard. */
    @Benchmark
    public ItemKey itemKey() {
        return plain.itemKey(id);
    }

    /** As {@link #itemKey}, of a session that the node does not know. */
    @Benchmark
    public ItemKey itemKeyOfStranger() {
        return plain.itemKey(stranger());
    }

    /** The beans' bytes. */
    @Benchmark
    public void write(Blackhole hole) {
        for (Order order : orders) {
            hole.consume(written(order));
        }
    }

    /** What a request takes to be able to tell that it has changed nothing. */
    @Benchmark
    public void shape(Blackhole hole) {
        for (Order order : orders) {
            hole.consume(shapes.of(order));
        }
    }

    /** The look whether something has changed, which spares a {@link #write}. */
    @Benchmark
    public void compareShape(Blackhole hole) {
        for (Shape shape : taken) {
            hole.consume(shape.isUnchanged());
        }
    }

    /** As the JDK writes, by a stream made anew and without looking what: to compare {@link #write} with. */
    @Benchmark
    public void writeByJdkAlone(Blackhole hole) throws IOException {
        for (Order order : orders) {
            hole.consume(writtenByJdk(order));
        }
    }

    private static byte[] writtenByJdk(Order order) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(order);
        }
        return bytes.toByteArray();
    }

    /** The beans, by the list of classes and within limits. */
    @Benchmark
    public void read(Blackhole hole) throws UnreadableException {
        for (byte[] bytes : written) {
            hole.consume(serialization.read(bytes, false).graph());
        }
    }

    /** As the JDK reads its own descriptors, without any filter: to compare {@link #read} with. */
    @Benchmark
    public void readByJdkAlone(Blackhole hole) throws IOException, ClassNotFoundException {
        for (byte[] bytes : writtenByJdk) {
            try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
                hole.consume(in.readObject());
            }
        }
    }

    /** What a changed bean takes beside {@link #write}. */
    @Benchmark
    public void requireReadable() {
        for (byte[] bytes : written) {
            serialization.requireReadable(bytes, () -> false, "class Order");
        }
    }

    /** As {@link #write}, where Apache Fory is there. */
    @Benchmark
    public void writeByFory(Blackhole hole) {
        for (Order order : orders) {
            hole.consume(fory.write(order).orElseThrow());
        }
    }

    @Benchmark
    public void readByFory(Blackhole hole) throws UnreadableException {
        for (byte[] bytes : writtenByFory) {
            hole.consume(fory.read(bytes).graph());
        }
    }

    /** Record and seal. */
    @Benchmark
    public byte[] seal() {
        return plain.seal(id, session);
    }

    /** As {@link #seal}, under an id that the node does not know. */
    @Benchmark
    public byte[] sealForStranger() {
        return plain.seal(stranger(), session);
    }

    /** One that has changed since the node has seen it. */
    @Benchmark
    public ItemContent open() throws UnreadableException {
        return plain.open(id, plainItems[turn++ % 2]);
    }

    /** One that is as the node has left it. */
    @Benchmark
    public ItemContent openAgain() throws UnreadableException {
        return again.open(id, plainItems[0]);
    }

    /** What it takes more than {@link #seal} is the compression's cost. */
    @Benchmark
    public byte[] compressAndSeal() {
        return compressing.seal(id, session);
    }

    @Benchmark
    public ItemContent openCompressed() throws UnreadableException {
        return compressing.open(id, compressedItems[turn++ % 2]);
    }

    /** What a request does that reads a session of another node, and writes all beans to compare them. */
    @Benchmark
    public void request(Blackhole hole) throws UnreadableException {
        hole.consume(plain.itemKey(id));
        SessionRecord opened = (SessionRecord) plain.open(id, plainItems[turn++ % 2]);
        for (Entry entry : opened.entries().values()) {
            Object graph = serialization.read(entry.bytes(), false).graph();
            hole.consume(serialization.write(graph, graph, "class Order").bytes());
        }
    }
}
