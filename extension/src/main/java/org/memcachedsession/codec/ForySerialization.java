package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.fory.Fory;
import org.apache.fory.context.WriteContext;
import org.apache.fory.memory.MemoryBuffer;
import org.apache.fory.resolver.ClassResolver;
import org.apache.fory.serializer.Serializer;
import org.memcachedsession.codec.ForyElements.OfCollection;
import org.memcachedsession.codec.ForyElements.OfMap;
import org.memcachedsession.codec.ForyElements.Trait;
import org.memcachedsession.codec.JavaSerialization.Read;
import org.memcachedsession.session.UnreadableException;

/**
 * Apache Fory, held to what JDK serialization would give back. Fory has the buffers, the references, the
 * numbers and the times; how objects, collections and maps are written is ours, and every class is
 * registered under its name or refused, those that Fory has by itself as well.
 *
 * <p>No code is generated. A Fory serves one thread at a time: those that are idle
 * wait here, and go with the application.
 *
 * <p>Loaded only where Fory is on the class path.
 */
public final class ForySerialization implements PlainSerializer {

    private static final Logger LOG = System.getLogger(ForySerialization.class.getName());

    /** Changes with what {@link ForyFields} and {@link ForyElements} write. */
    private static final int LAYOUT = 1;

    /** Deeper graphs are for the JDK, which refuses them in words that tell where. */
    private static final int MAX_DEPTH = StreamLimits.MAX_DEPTH;

    private static final String CLEANER = "fory-multi-key-weak-map-cleaner";

    private static final Pattern UNREGISTERED =
            Pattern.compile("[Cc]lass (\\S+) is not registered");

    /** That is more than what can come of {@link #MAX_BYTES}: an empty list of 3 bytes counts for 96. */
    private static final long MAX_MEMORY = 64L * 1024 * 1024;

    /** More is for the JDK, where what would not be read is refused at the save. */
    private static final int MAX_BYTES = 512 * 1024;

    private static final int LEAST_ROOM = 512;
    private static final int MOST_ROOM = 16 * 1024;

    /** Values that Fory brings back as the JDK does. */
    private static final Set<Class<?>> VALUES =
            Set.of(
                    AtomicBoolean.class,
                    AtomicInteger.class,
                    AtomicLong.class,
                    BigDecimal.class,
                    BigInteger.class,
                    Boolean.class,
                    Byte.class,
                    Character.class,
                    Currency.class,
                    Double.class,
                    Float.class,
                    Integer.class,
                    Long.class,
                    Short.class,
                    String.class,
                    URI.class,
                    UUID.class,
                    java.time.Duration.class,
                    java.time.Instant.class,
                    java.time.LocalDate.class,
                    java.time.LocalDateTime.class,
                    java.time.LocalTime.class,
                    java.time.MonthDay.class,
                    java.time.OffsetDateTime.class,
                    java.time.OffsetTime.class,
                    java.time.Period.class,
                    java.time.Year.class,
                    java.time.YearMonth.class,
                    java.time.ZoneOffset.class,
                    java.time.ZonedDateTime.class,
                    java.util.Date.class);

    private static final Set<String> VALUES_OF_SQL =
            Set.of("java.sql.Date", "java.sql.Time", "java.sql.Timestamp");

    private static final Set<Class<?>> ARRAYS =
            Set.of(
                    Boolean[].class,
                    Byte[].class,
                    Character[].class,
                    Double[].class,
                    Float[].class,
                    Integer[].class,
                    Long[].class,
                    Object[].class,
                    Short[].class,
                    String[].class,
                    boolean[].class,
                    byte[].class,
                    char[].class,
                    double[].class,
                    float[].class,
                    int[].class,
                    long[].class,
                    short[].class);

    private final ClassLoader loader;
    private final List<Class<?>> types;
    private final int dialect;
    private final Queue<OneFory> idle =
            new ArrayBlockingQueue<>(2 * Runtime.getRuntime().availableProcessors() + 2);
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /**
     * @param loader of the application
     * @param allowed the classes of the application that beans may consist of; those that JDK
     *     serialization does not write field by field stay with it
     * @throws LinkageError Fory is not there, or is one that this was not made for
     */
    public ForySerialization(ClassLoader loader, Collection<Class<?>> allowed) {
        this.loader = loader;
        this.types =
                allowed.stream()
                        .filter(type -> !type.isInterface() && !type.isAnnotation())
                        .filter(type -> type.isEnum() || !isAbstract(type))
                        .filter(type -> FieldByField.obstacle(type).isEmpty())
                        .toList();
        OneFory first = create();
        this.dialect = dialect(first.fory);
        release(first);
    }

    private static boolean isAbstract(Class<?> type) {
        return Modifier.isAbstract(type.getModifiers());
    }

    // ---- one Fory

    private static final class OneFory {

        private final ForyOperation operation = new ForyOperation();
        private Fory fory;
        private int room = LEAST_ROOM; // for what is written next
    }

    private OneFory create() {
        OneFory one = new OneFory();
        Fory fory =
                Fory.builder()
                        .withXlang(false)
                        .withCodegen(false)
                        .withCompatible(false)
                        .withRefTracking(true)
                        .requireClassRegistration(true)
                        .registerGuavaTypes(false)
                        .serializeEnumByName(true)
                        .withMaxDepth(MAX_DEPTH + 10)
                        .withMaxGraphMemoryBytes(MAX_MEMORY)
                        .withClassLoader(loader)
                        .build();
        new Registration((ClassResolver) fory.getTypeResolver(), one.operation).run(fory);
        one.fory = fory;
        return one;
    }

    private final class Registration {

        private final ClassResolver resolver;
        private final ForyOperation operation;
        private final Set<Class<?>> done = new HashSet<>();

        Registration(ClassResolver resolver, ForyOperation operation) {
            this.resolver = resolver;
            this.operation = operation;
        }

        void run(Fory fory) {
            collections();
            maps();
            put(Locale.class, new ForyLocale(resolver.getConfig()));
            for (Class<?> known : resolver.getRegisteredClasses()) {
                if (!isLeftToFory(known) && !done.contains(known)) {
                    refuse(known);
                }
            }
            types.forEach(type -> register(fory, type));
        }

        private boolean isLeftToFory(Class<?> known) {
            return known.isPrimitive()
                    || VALUES.contains(known)
                    || ARRAYS.contains(known)
                    || VALUES_OF_SQL.contains(known.getName());
        }

        private <T> void refuse(Class<T> known) {
            resolver.registerInternalSerializer(
                    known, new ForyOwnClass<>(resolver.getConfig(), known));
        }

        private <T> void register(Fory fory, Class<T> type) {
            int simple = type.getName().lastIndexOf('.') + 1;
            fory.register(type, type.getPackageName(), type.getName().substring(simple));
            if (!type.isEnum()) {
                fory.registerSerializer(type, new ForyFields<>(resolver, type, operation));
            }
        }

        private void put(Class<?> type, Serializer<?> serializer) {
            done.add(type);
            resolver.registerInternalSerializer(type, serializer);
        }

        private void collections() {
            collection(ArrayList.class, Trait.NONE, ArrayList::new);
            collection(LinkedList.class, Trait.NONE, size -> linkedList());
            collection(ArrayDeque.class, Trait.NONE, ArrayDeque::new);
            collection(HashSet.class, Trait.HASHED, size -> new HashSet<>(capacity(size)));
            collection(LinkedHashSet.class, Trait.NONE, n -> new LinkedHashSet<>(capacity(n)));
            collection(TreeSet.class, Trait.SORTED, null);
            immutable(List.of(1), List::of);
            immutable(List.of(), List::of);
            immutable(Set.of(1), Set::of);
            immutable(Set.of(), Set::of);
            immutable(Arrays.asList(1), Arrays::asList);
            immutable(Collections.emptyList(), elements -> Collections.emptyList());
            immutable(Collections.emptySet(), elements -> Collections.emptySet());
        }

        private void maps() {
            map(HashMap.class, Trait.HASHED, size -> new HashMap<>(capacity(size)));
            map(LinkedHashMap.class, Trait.NONE, size -> new LinkedHashMap<>(capacity(size)));
            map(ConcurrentHashMap.class, Trait.HASHED, size -> new ConcurrentHashMap<>(size));
            map(TreeMap.class, Trait.SORTED, null);
            immutable(Map.of(1, 1), Map::copyOf);
            immutable(Map.of(), Map::copyOf);
            immutable(Collections.emptyMap(), entries -> Collections.emptyMap());
        }

        @SuppressWarnings({"unchecked", "rawtypes"})
        private void collection(
                Class<?> type, Trait trait, IntFunction<? extends Collection<Object>> make) {
            put(type, new OfCollection(resolver, type, trait, make, null, operation));
        }

        @SuppressWarnings({"unchecked", "rawtypes"})
        private void immutable(
                Collection<?> example, Function<Object[], Collection<Object>> complete) {
            Class type = example.getClass();
            put(type, new OfCollection(resolver, type, Trait.IMMUTABLE, null, complete, operation));
        }

        @SuppressWarnings({"unchecked", "rawtypes"})
        private void map(
                Class<?> type, Trait trait, IntFunction<? extends Map<Object, Object>> make) {
            put(type, new OfMap(resolver, type, trait, make, null, operation));
        }

        @SuppressWarnings({"unchecked", "rawtypes"})
        private void immutable(
                Map<?, ?> example, Function<Map<Object, Object>, Map<Object, Object>> complete) {
            Class type = example.getClass();
            put(type, new OfMap(resolver, type, Trait.IMMUTABLE, null, complete, operation));
        }

        @SuppressWarnings("JdkObsolete") // as it was
        private static Collection<Object> linkedList() {
            return new LinkedList<>();
        }

        private static int capacity(int size) {
            return ForyElements.capacity(size);
        }
    }

    /**
     * What the numbers in a stream mean, which another Fory may see otherwise: two nodes understand each
     * other if they have the same.
     */
    private static int dialect(Fory fory) {
        ClassResolver resolver = (ClassResolver) fory.getTypeResolver();
        Map<String, Integer> numbers = new TreeMap<>();
        for (Class<?> known : resolver.getRegisteredClasses()) {
            numbers.put(known.getName(), resolver.getRegisteredClassId(known));
        }
        String text = LAYOUT + " " + version() + " " + numbers;
        try {
            return ByteBuffer.wrap(
                            MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)))
                    .getInt();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Such as 1.6: between those, Fory promises nothing about its bytes. */
    private static String version() {
        String version = Fory.class.getPackage().getImplementationVersion();
        return version == null ? "" : version.replaceAll("^(\\d+\\.\\d+).*", "$1");
    }

    private OneFory acquire() {
        OneFory one = idle.poll();
        return one == null ? create() : one;
    }

    private void release(OneFory one) {
        idle.offer(one); // a peak leaves no more than fit
    }

    /**
     * Called before an object writes what it holds.
     *
     * @throws ForyRefusal it could not be read
     */
    static void checkDepth(WriteContext context) {
        if (context.getDepth() > MAX_DEPTH) {
            throw new ForyRefusal("objects that hold each other " + MAX_DEPTH + " levels deep");
        }
    }

    /** Whether a field of the type can hold nothing but a value of {@code java.time} that Fory knows. */
    static boolean isTime(Class<?> type) {
        return type.getPackageName().equals("java.time") && VALUES.contains(type);
    }

    // ---- graphs

    @Override
    public Optional<byte[]> write(Object graph) {
        OneFory one = acquire();
        try {
            MemoryBuffer buffer = MemoryBuffer.newHeapBuffer(one.room);
            one.operation.begin();
            buffer.writeByte(BeanSerialization.FORY_MARK);
            buffer.writeInt32(dialect);
            one.fory.serialize(buffer, graph);
            if (buffer.writerIndex() > MAX_BYTES) {
                throw new ForyRefusal("more than " + MAX_BYTES + " bytes");
            }
            one.room = roomAfter(buffer.writerIndex());
            return Optional.of(buffer.getBytes(0, buffer.writerIndex()));
        } catch (RuntimeException | StackOverflowError e) {
            tell(graph, e);
            return Optional.empty();
        } finally {
            release(one);
        }
    }

    /** The next bean is as large as the last one, perhaps: then it needs no more room on the way. */
    private static int roomAfter(int length) {
        return Math.max(LEAST_ROOM, Math.min(length + length / 8, MOST_ROOM));
    }

    private void tell(Object graph, Throwable e) {
        String type = graph.getClass().getName();
        if (told.add(type)) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            LOG.log(
                    Level.INFO,
                    "A {0} is written by JDK serialization and not by Apache Fory: it holds {1}",
                    type,
                    cause instanceof ForyRefusal ? cause.getMessage() : firstOf(cause.toString()));
        }
    }

    /** Fory goes on to say how to switch its registration off. */
    private static String firstOf(String text) {
        return text.split(", please", 2)[0];
    }

    @Override
    public Read read(byte[] bytes) throws UnreadableException {
        MemoryBuffer buffer = MemoryBuffer.fromByteArray(bytes);
        OneFory one = acquire();
        one.operation.begin();
        try {
            buffer.readByte();
            if (buffer.readInt32() != dialect) {
                throw new UnreadableException(
                        "another version of Apache Fory has written it. Give all nodes the same");
            }
            Object graph = one.fory.deserialize(buffer);
            if (buffer.remaining() > 0) {
                throw new UnreadableException("there are bytes left");
            }
            boolean otherBytes = one.operation.mayGiveOtherBytes();
            Read read = new Read(graph, otherBytes, otherBytes);
            release(one); // one that has failed is not asked again
            return read;
        } catch (UnreadableException e) {
            throw e;
        } catch (Exception | LinkageError | AssertionError e) {
            throw unreadable(e);
        } catch (StackOverflowError e) {
            throw new UnreadableException("its object graph is too deep", e);
        }
    }

    /** Without what Fory puts around the cause: its message shows all objects that were read. */
    private UnreadableException unreadable(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof OutOfMemoryError error) {
            throw error; // nothing is wrong with the bytes
        }
        Matcher unregistered = UNREGISTERED.matcher(cause.toString());
        if (unregistered.find()) {
            try {
                Class<?> known = Class.forName(unregistered.group(1), false, loader);
                return JavaSerialization.notAllowed(known, cause);
            } catch (ClassNotFoundException | LinkageError gone) {
                return new UnreadableException(
                        "there is no " + unregistered.group(1) + " here", cause);
            }
        }
        return new UnreadableException(firstOf(cause.toString()), cause);
    }

    // ---- the end

    /** Ends a thread that Fory has begun by itself, which would keep the class loader of the application. */
    @Override
    public void close() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals(CLEANER) && thread.getContextClassLoader() == loader) {
                thread.interrupt();
            }
        }
    }
}
