package org.memcachedsession.codec;

import java.io.Externalizable;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.memcachedsession.BeanDiscarded.Cause;
import org.memcachedsession.SessionException;
import org.memcachedsession.session.UnreadableException;

/**
 * JDK serialization of one bean's object graph, with the class loaders of the application. Many
 * threads use it at once.
 */
public final class JavaSerialization {

    /**
     * What gives its elements by the size that its table once had, by addresses, or as one JVM alone does;
     * subclasses with it. {@code CollSer} stands for what {@code Set.of} and {@code Map.of} give.
     */
    private static final Set<String> ORDERED_BY_CHANCE =
            Set.of(
                    "java.util.CollSer",
                    "java.util.HashMap",
                    "java.util.HashSet",
                    "java.util.Hashtable",
                    "java.util.IdentityHashMap",
                    "java.util.concurrent.ConcurrentHashMap");

    private static final int FIRST_SIZE = 1024;

    /** Bytes of a bean: the tables of its stream grow with it, and each bean after it pays for clearing them. */
    private static final int MOST_TO_KEEP = 64 * 1024;

    private final List<ClassLoader> loaders;
    private final AllowList allowList;
    private final Set<Class<?>> loadable = ConcurrentHashMap.newKeySet();

    /** By their names: what streams have named and the list admits. */
    private final Map<String, Class<?>> found = new ConcurrentHashMap<>();

    private final ClassDescriptions descriptions = new ClassDescriptions();

    /** Of what streams held: classes whose objects neither {@link HashWork} nor {@link HashOrder} is about. */
    private final Set<Class<?>> noCollections = ConcurrentHashMap.newKeySet();

    /** By classes of beans: how many bytes one of them had last. */
    private final Map<Class<?>, Integer> sizes = new ConcurrentHashMap<>();

    /** Whose objects are not given the stream that they are written to. */
    private final Set<Class<?>> neverGivenStreams = ConcurrentHashMap.newKeySet();

    /** Streams that have done their work, some more than threads that write at once. */
    private final Queue<ObservingOutput> idle =
            new ArrayBlockingQueue<>(2 * Runtime.getRuntime().availableProcessors() + 2);

    /**
     * @param loaders asked in this order: the application's first, the container's last
     * @param allowList what beans may consist of
     */
    public JavaSerialization(List<ClassLoader> loaders, AllowList allowList) {
        this.loaders = List.copyOf(loaders);
        this.allowList = allowList;
    }

    /**
     * @param bytes of the graph
     * @param bound whether a class of the container or a generated one is in it, so that no other
     *     kind of server can read it
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on at once
    public record Written(byte[] bytes, boolean bound) {}

    /**
     * @param bean where the message begins to look for what cannot be serialized
     * @param what the bean, for the message
     * @throws SessionException something in the graph cannot be serialized, or its class is not listed
     *     or refused by the JVM and so would not be read; the message names where
     */
    public Written write(Object graph, Object bean, String what) {
        int expected = sizes.getOrDefault(bean.getClass(), FIRST_SIZE);
        try {
            ObservingOutput out = begin(expected);
            out.writeObject(graph);
            out.flush();
            if (out.unlisted != null) {
                throw unlisted(out.unlisted, bean, graph, what);
            }
            if (out.refusedByJvm != null) {
                throw refusedByJvm(out.refusedByJvm, bean, graph, what);
            }
            byte[] bytes = out.bytes.written();
            if (bytes.length != expected) {
                sizes.put(bean.getClass(), bytes.length);
            }
            Written written = new Written(bytes, out.sawContainer);
            release(out, bytes.length);
            return written;
        } catch (NotSerializableException e) {
            throw new SessionException(
                    "The session was not saved: "
                            + what
                            + " holds a "
                            + e.getMessage()
                            + ", which is not Serializable"
                            + where(object -> !(object instanceof Serializable), bean, graph)
                            + ". Make the class Serializable, or the field transient and fill it anew"
                            + " after reading",
                    e);
        } catch (UnknownClassException e) {
            throw new SessionException(
                    "The session was not saved: "
                            + what
                            + " holds a "
                            + e.type.getName()
                            + ", a class of the server that the application cannot load, so the bean"
                            + " could not be read again"
                            + where(object -> object.getClass() == e.type, bean, graph)
                            + ". Make the field transient, or inject an Instance of it in place of it",
                    e);
        } catch (SessionException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new SessionException(
                    "The session was not saved: " + what + " cannot be serialized: " + e, e);
        } catch (StackOverflowError e) {
            throw new SessionException(
                    "The session was not saved: the objects that "
                            + what
                            + " holds refer to each other in a chain that is too long to be"
                            + " serialized. Keep them in a collection instead",
                    e);
        }
    }

    private ObservingOutput begin(int expected) throws IOException {
        ObservingOutput out = idle.poll();
        if (out == null) {
            out = new ObservingOutput(new BytesOutput());
        }
        out.begin(expected);
        return out;
    }

    /** Only what has done its work, and the application does not know: it could write into the next bean. */
    private void release(ObservingOutput out, int length) throws IOException {
        if (length <= MOST_TO_KEEP && !out.isKnownOutside) {
            out.forget();
            idle.offer(out); // a peak leaves no more than fit
        }
    }

    private static SessionException unlisted(
            Class<?> type, Object bean, Object graph, String what) {
        return new SessionException(
                "The session was not saved: "
                        + what
                        + " holds a "
                        + type.getName()
                        + ", which could not be read again, since no field declares that class"
                        + where(object -> isOf(object, type), bean, graph)
                        + ". "
                        + remedy(type));
    }

    private static SessionException refusedByJvm(
            Class<?> type, Object bean, Object graph, String what) {
        return new SessionException(
                "The session was not saved: "
                        + what
                        + " holds a "
                        + type.getName()
                        + ", which could not be read again, since the filter of this JVM refuses it"
                        + " (jdk.serialFilter)"
                        + where(object -> isOf(object, type), bean, graph)
                        + ". Let that filter admit it, or make the field transient and fill it anew after"
                        + " reading");
    }

    static String remedy(Class<?> type) {
        return "Add @AllowSerialized("
                + type.getSimpleName()
                + ".class) to the bean, or "
                + type.getName()
                + " to the setting memcached.session.serialize.allow";
    }

    /** Whether a class comes into the stream with an object. */
    private static boolean isOf(Object object, Class<?> type) {
        if (object == type || type.isInstance(object)) {
            return true;
        }
        if (type == SerializedLambda.class) {
            return object.getClass().isHidden(); // it stands for the lambda in the stream
        }
        Class<?> component = object.getClass();
        while (component.isArray()) {
            component = component.componentType();
        }
        return component == type;
    }

    private static String where(Predicate<Object> culprit, Object... roots) {
        return ObjectPath.find(culprit, roots).map(path -> ", at " + path).orElse("");
    }

    /**
     * Looks whether what was written is within the limits of what is read. Apart from {@link #write}, since
     * what is as it was read needs no look.
     *
     * @param isShallow whether it is surely no deeper than what is read; asked where the bytes do not tell
     * @param what the bean, for the message
     * @throws SessionException it is not
     */
    public void requireReadable(byte[] bytes, BooleanSupplier isShallow, String what) {
        if (!JvmFilter.isSet() && StreamLimits.areOutOfReach(bytes, isShallow)) {
            return;
        }
        StreamLimits limits = new StreamLimits(bytes.length);
        try (var in = new SkimmingInput(bytes, descriptions, limits)) {
            in.skim();
        } catch (IOException e) {
            throw new SessionException(
                    "The session was not saved: "
                            + what
                            + limits.exceeded()
                                    .map(
                                            much ->
                                                    " holds "
                                                            + much
                                                            + ", which could not be read again. Keep them"
                                                            + " in a collection, or less of them")
                                    .orElse(
                                            " could not be read again ("
                                                    + e.getMessage()
                                                    + "), as the filter of this JVM has it"
                                                    + " (jdk.serialFilter). Raise the limits of that filter"),
                    e);
        }
    }

    /**
     * @param isOrderedByAddresses whether it holds a hash table that may give its elements in another order each
     *     time that it is read
     * @param mayGiveOtherBytes whether its bytes may be others when it is written as it is: a class in it has
     *     another description than it would have here, it holds a hash table, or it was written with the JDK's own
     *     descriptors or by the other serializer
     */
    public record Read(Object graph, boolean isOrderedByAddresses, boolean mayGiveOtherBytes) {}

    /**
     * @param bound whether what was written is {@linkplain Written#bound bound}
     * @throws UnreadableException for whatever happens on the way
     */
    public Read read(byte[] bytes, boolean bound) throws UnreadableException {
        EntryFilter filter = new EntryFilter(allowList, bound);
        StreamLimits limits = new StreamLimits(bytes.length);
        try (var in = new ApplicationInput(bytes, filter, limits)) {
            Object graph = in.readObject();
            return new Read(graph, in.order.isByAddresses(), in.mayGiveOtherBytes);
        } catch (IOException | ClassNotFoundException | RuntimeException | LinkageError e) {
            throw unreadable(filter, limits, e);
        } catch (StackOverflowError e) {
            throw new UnreadableException("its object graph is too deep", e);
        }
    }

    private static UnreadableException unreadable(
            EntryFilter filter, StreamLimits limits, Throwable e) {
        return filter.refused()
                .map(type -> notAllowed(type, e))
                .orElseGet(
                        () ->
                                new UnreadableException(
                                        limits.exceeded()
                                                .map(what -> "it holds " + what)
                                                .orElseGet(e::toString),
                                        e));
    }

    static UnreadableException notAllowed(Class<?> type, Throwable e) {
        return new UnreadableException(
                Cause.NOT_ALLOWED,
                "it holds a "
                        + type.getName()
                        + ", which is not among the classes that are read. If the application stores it: "
                        + remedy(type),
                e);
    }

    private boolean isNoCollection(Object object) {
        Class<?> type = object.getClass();
        if (noCollections.contains(type)) {
            return true;
        }
        if (object instanceof Collection || object instanceof Map || object instanceof Map.Entry) {
            return false;
        }
        noCollections.add(type);
        return true;
    }

    private boolean isGivenStreams(Class<?> type) {
        if (neverGivenStreams.contains(type)) {
            return false;
        }
        if (!type.getName().startsWith("java.")
                && (Externalizable.class.isAssignableFrom(type) || mayHaveWriteObject(type))) {
            return true;
        }
        neverGivenStreams.add(type);
        return false;
    }

    private static boolean mayHaveWriteObject(Class<?> type) {
        try {
            return Arrays.stream(type.getDeclaredMethods())
                    .anyMatch(method -> method.getName().equals("writeObject"));
        } catch (LinkageError e) {
            return true; // a method has to do with a class that is not there
        }
    }

    private boolean canLoad(Class<?> type) {
        if (type.isPrimitive() || loadable.contains(type)) {
            return true;
        }
        try {
            load(type.getName());
            loadable.add(type);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private Class<?> load(String name) throws ClassNotFoundException {
        ClassNotFoundException unknown = new ClassNotFoundException(name);
        for (ClassLoader loader : loaders) {
            try {
                return Class.forName(name, false, loader);
            } catch (ClassNotFoundException e) {
                unknown.addSuppressed(e);
            }
        }
        throw unknown;
    }

    /**
     * Said before anything is stored, not when the bean is to be read. Not an {@code IOException}: a
     * stream writes those down, with their classes.
     */
    private static final class UnknownClassException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Class<?> type;

        UnknownClassException(Class<?> type) {
            super(type.getName());
            this.type = type;
        }
    }

    /** For one bean after the other: to make its tables anew takes a fourth of the time that a bean takes. */
    private final class ObservingOutput extends ObjectOutputStream {

        private final BytesOutput bytes;
        private boolean sawContainer;

        /** Whether an object that is not of the JDK was given the stream. */
        private boolean isKnownOutside;

        /** The first. Told at the end, since a stream that fails writes down why. */
        private Class<?> unlisted;

        private Class<?> refusedByJvm;

        ObservingOutput(BytesOutput bytes) throws IOException {
            super(bytes);
            this.bytes = bytes;
        }

        void begin(int expected) {
            sawContainer = false; // the others are set where writing fails, which is the last time
            bytes.begin(expected);
            bytes.write(BeanInput.MARK);
        }

        /** Lets go of what was written, so that the next bean is written as the first one was. */
        void forget() throws IOException {
            bytes.begin(0);
            reset(); // writes TC_RESET too, which is to be in no bean
            flush();
        }

        @Override
        protected void writeStreamHeader() {} // BeanInput.MARK is there

        @Override
        protected void writeClassDescriptor(ObjectStreamClass descriptor) throws IOException {
            descriptions.of(descriptor).writeTo(this);
        }

        @Override
        protected void annotateClass(Class<?> type) {
            if (!canLoad(type)) {
                throw new UnknownClassException(type);
            }
            isKnownOutside |= isGivenStreams(type);
            observe(type, JvmFilter.refuses(type));
        }

        @Override
        protected void annotateProxyClass(Class<?> type) {
            observe(type, JvmFilter.refusesProxy(type));
        }

        private void observe(Class<?> type, boolean isRefusedByJvm) {
            if (isRefusedByJvm && refusedByJvm == null) {
                refusedByJvm = elementOf(type);
            }
            // what the container alone has makes the entry bound, so it is held to the longer list
            if (!allowList.admits(type, true) && unlisted == null) {
                unlisted = elementOf(type);
            }
            sawContainer |= !allowList.admits(type, false);
        }

        private static Class<?> elementOf(Class<?> type) {
            return type.isArray() ? elementOf(type.componentType()) : type;
        }
    }

    private final class ApplicationInput extends BeanInput {

        private final EntryFilter filter;
        private final HashWork hashWork = new HashWork();
        private final HashOrder order = new HashOrder();
        private boolean mayGiveOtherBytes = !hasDescriptions();
        private Class<?> noCollection;
        private Class<?> noCollectionBefore;

        ApplicationInput(byte[] bytes, EntryFilter filter, StreamLimits limits) throws IOException {
            super(bytes);
            this.filter = filter;
            // that of the whole JVM may refuse more, not less; ours alone would take its place
            setObjectInputFilter(ObjectInputFilter.merge(limits, getObjectInputFilter()));
            enableResolveObject(true);
        }

        @Override
        protected Object resolveObject(Object object) throws IOException {
            if (object == null || object instanceof String) {
                return object;
            }
            Class<?> type = object.getClass();
            if (type == noCollection || type == noCollectionBefore) {
                return object; // in a list, a few classes come in turn
            }
            if (isNoCollection(object)) {
                noCollectionBefore = noCollection;
                noCollection = type;
            } else {
                hashWork.add(object);
                order.look(object);
            }
            return object;
        }

        @Override
        ObjectStreamClass described(ClassDescription description)
                throws IOException, ClassNotFoundException {
            Optional<ObjectStreamClass> known = descriptions.find(description);
            if (known.isPresent()) {
                return known.get();
            }
            ObjectStreamClass sent = description.parsed();
            Class<?> type;
            try {
                type = find(sent);
            } catch (ClassNotFoundException e) {
                return sent; // resolveClass says so
            }
            ObjectStreamClass here = ObjectStreamClass.lookupAny(type);
            if (descriptions.isHere(description, here)) {
                return here;
            }
            mayGiveOtherBytes = true;
            return isSameGenerated(here, sent) ? here : sent;
        }

        @Override
        ObjectStreamClass sent(ObjectStreamClass descriptor)
                throws IOException, ClassNotFoundException {
            if (!AllowList.isNameOfGenerated(descriptor.getName())) {
                return descriptor;
            }
            ObjectStreamClass here = ObjectStreamClass.lookupAny(find(descriptor));
            return isSameGenerated(here, descriptor) ? here : descriptor;
        }

        /**
         * A class that the container has made of a bean's gets another version by itself with each method
         * that the bean's class gains or loses. Its fields say whether it is the same.
         */
        private static boolean isSameGenerated(ObjectStreamClass here, ObjectStreamClass sent) {
            return AllowList.isNameOfGenerated(sent.getName()) && haveSameFields(here, sent);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass descriptor)
                throws IOException, ClassNotFoundException {
            Class<?> known = descriptor.forClass();
            Class<?> type = known == null ? findOrTell(descriptor) : filter.check(known);
            mayGiveOtherBytes |= ORDERED_BY_CHANCE.contains(type.getName());
            return type;
        }

        private Class<?> findOrTell(ObjectStreamClass sent)
                throws IOException, ClassNotFoundException {
            try {
                return find(sent);
            } catch (ClassNotFoundException e) {
                mayGiveOtherBytes = true; // of a superclass, what it had is passed over
                throw e;
            }
        }

        /** By their names and types. */
        private static boolean haveSameFields(ObjectStreamClass here, ObjectStreamClass sent) {
            ObjectStreamField[] fieldsHere = here.getFields();
            ObjectStreamField[] fieldsSent = sent.getFields();
            if (fieldsHere.length != fieldsSent.length) {
                return false;
            }
            for (int i = 0; i < fieldsHere.length; i++) {
                ObjectStreamField one = fieldsHere[i];
                ObjectStreamField other = fieldsSent[i];
                if (!one.getName().equals(other.getName())
                        || one.getTypeCode() != other.getTypeCode()
                        || !Objects.equals(one.getTypeString(), other.getTypeString())) {
                    return false;
                }
            }
            return true;
        }

        /** If the list admits it. Nothing of the class has run until then. */
        private Class<?> find(ObjectStreamClass sent) throws IOException, ClassNotFoundException {
            Class<?> known = found.get(sent.getName());
            if (known != null) {
                return filter.check(known);
            }
            Class<?> type = filter.check(load(sent));
            found.put(sent.getName(), type);
            return type;
        }

        private Class<?> load(ObjectStreamClass sent) throws IOException, ClassNotFoundException {
            try {
                return JavaSerialization.this.load(sent.getName());
            } catch (ClassNotFoundException e) {
                return super.resolveClass(sent); // knows the primitive types
            }
        }

        @Override
        protected Class<?> resolveProxyClass(String[] interfaces)
                throws IOException, ClassNotFoundException {
            List<Class<?>> types = new ArrayList<>();
            for (String name : interfaces) {
                types.add(filter.checkOfProxy(JavaSerialization.this.load(name)));
            }
            try {
                // through an instance, since the method that gives the class alone is deprecated
                return filter.check(
                        Proxy.newProxyInstance(
                                        loaders.get(0),
                                        types.toArray(Class<?>[]::new),
                                        (proxy, method, arguments) -> null)
                                .getClass());
            } catch (IllegalArgumentException e) {
                throw new InvalidClassException("proxy of " + types, e.getMessage());
            }
        }
    }
}
