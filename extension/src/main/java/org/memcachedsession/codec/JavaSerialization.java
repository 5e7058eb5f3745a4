package org.memcachedsession.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.memcachedsession.SessionException;
import org.memcachedsession.session.UnreadableException;

/**
 * JDK serialization of one bean's object graph, with the class loaders of the application. Many
 * threads use it at once.
 */
public final class JavaSerialization {

    /**
     * Against graphs that explode; a session of the largest size stays far below, and what is deeper
     * overflows the stack when it is written already.
     */
    private static final ObjectInputFilter LIMITS =
            ObjectInputFilter.Config.createFilter(
                    "maxdepth=10000;maxrefs=2000000;maxarray=20000000;maxbytes=134217728");

    private static final List<String> CONTAINER_CLASSES =
            List.of("org.jboss.weld.", "org.apache.webbeans.");
    private static final List<String> GENERATED_CLASSES = List.of("$$_Weld", "$$Owb", "$Proxy$_$$");

    private final List<ClassLoader> loaders;
    private final Set<Class<?>> loadable = ConcurrentHashMap.newKeySet();

    /**
     * @param loaders asked in this order: the application's first, the container's last
     */
    public JavaSerialization(List<ClassLoader> loaders) {
        this.loaders = List.copyOf(loaders);
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
     * @throws SessionException something in the graph cannot be serialized; the message names where
     */
    public Written write(Object graph, Object bean, String what) {
        var bytes = new ByteArrayOutputStream(512);
        try (var out = new ObservingOutput(bytes)) {
            out.writeObject(graph);
            out.flush();
            return new Written(bytes.toByteArray(), out.sawContainer);
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

    private static String where(Predicate<Object> culprit, Object... roots) {
        return ObjectPath.find(culprit, roots).map(path -> ", at " + path).orElse("");
    }

    /**
     * @throws UnreadableException for whatever happens on the way
     */
    public Object read(byte[] bytes) throws UnreadableException {
        try (var in = new ApplicationInput(bytes)) {
            return in.readObject();
        } catch (IOException | ClassNotFoundException | RuntimeException | LinkageError e) {
            throw new UnreadableException(e.toString(), e);
        } catch (StackOverflowError e) {
            throw new UnreadableException("its object graph is too deep", e);
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

    private final class ObservingOutput extends ObjectOutputStream {

        private boolean sawContainer;

        ObservingOutput(OutputStream out) throws IOException {
            super(out);
        }

        @Override
        protected void annotateClass(Class<?> type) {
            String name = type.getName();
            if (!canLoad(type)) {
                throw new UnknownClassException(type);
            }
            sawContainer |=
                    CONTAINER_CLASSES.stream().anyMatch(name::startsWith)
                            || GENERATED_CLASSES.stream().anyMatch(name::contains);
        }

        @Override
        protected void annotateProxyClass(Class<?> type) {
            sawContainer = true;
        }
    }

    private final class ApplicationInput extends ObjectInputStream {

        ApplicationInput(byte[] bytes) throws IOException {
            super(new ByteArrayInputStream(bytes));
            setObjectInputFilter(LIMITS);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass descriptor)
                throws IOException, ClassNotFoundException {
            try {
                return load(descriptor.getName());
            } catch (ClassNotFoundException e) {
                return super.resolveClass(descriptor); // knows the primitive types
            }
        }

        @Override
        protected Class<?> resolveProxyClass(String[] interfaces)
                throws IOException, ClassNotFoundException {
            List<Class<?>> types = new ArrayList<>();
            for (String name : interfaces) {
                types.add(load(name));
            }
            try {
                // through an instance, since the method that gives the class alone is deprecated
                return Proxy.newProxyInstance(
                                loaders.get(0),
                                types.toArray(Class<?>[]::new),
                                (proxy, method, arguments) -> null)
                        .getClass();
            } catch (IllegalArgumentException e) {
                throw new InvalidClassException("proxy of " + types, e.getMessage());
            }
        }
    }
}
