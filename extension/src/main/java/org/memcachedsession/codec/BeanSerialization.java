package org.memcachedsession.codec;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.memcachedsession.SessionException;
import org.memcachedsession.codec.JavaSerialization.Read;
import org.memcachedsession.codec.JavaSerialization.Written;
import org.memcachedsession.session.UnreadableException;

/**
 * How beans become bytes: by JDK serialization, or by Apache Fory where that is there and gives the same
 * objects back. The first byte tells which. Many threads use it at once.
 */
public final class BeanSerialization {

    /** What the bytes of Apache Fory begin with; streams of the JDK begin with AC, or with AD. */
    static final byte FORY_MARK = (byte) 0xF0;

    private final JavaSerialization java;
    private final Optional<PlainSerializer> fory;
    private final boolean foryWrites;

    /**
     * @param fory reads what was written with it, as soon as it is there
     * @param foryWrites whether it writes too
     */
    public BeanSerialization(
            JavaSerialization java, Optional<PlainSerializer> fory, boolean foryWrites) {
        this.java = java;
        this.fory = fory;
        this.foryWrites = foryWrites;
    }

    /** Why a class of the application is left to JDK serialization, if it is. */
    public static Optional<String> obstacle(Class<?> type) {
        return FieldByField.obstacle(type);
    }

    /** By what a bean is written. */
    public enum Form {
        /** The JDK, whose streams every node reads. */
        JAVA,
        /** Apache Fory if it is there and can; else the JDK. */
        FASTEST
    }

    /**
     * By what a bean goes on to be written. What was in a stream of the JDK stays in one: so a bean that
     * was only read has the bytes that it had, and what nodes without Apache Fory have begun, they can
     * go on with.
     */
    public static Form formOf(byte[] bytes) {
        return isOfFory(bytes) ? Form.FASTEST : Form.JAVA;
    }

    private static boolean isOfFory(byte[] bytes) {
        return bytes.length > 0 && bytes[0] == FORY_MARK;
    }

    /**
     * @param bean where the message begins to look for what cannot be serialized
     * @param what the bean, for the message
     * @throws SessionException as {@link JavaSerialization#write}
     */
    public Written write(Form form, Object graph, Object bean, String what) {
        if (form == Form.FASTEST && foryWrites && fory.isPresent()) {
            Optional<byte[]> bytes = fory.get().write(graph);
            if (bytes.isPresent()) {
                return new Written(bytes.get(), false);
            }
        }
        return java.write(graph, bean, what);
    }

    /**
     * As {@link JavaSerialization#requireReadable}. What Apache Fory would not read it does not write.
     */
    public void requireReadable(byte[] bytes, BooleanSupplier isShallow, String what) {
        if (!isOfFory(bytes)) {
            java.requireReadable(bytes, isShallow, what);
        }
    }

    /** Leaves nothing behind when the application ends. */
    public void close() {
        fory.ifPresent(PlainSerializer::close);
    }

    /**
     * @param bound whether what was written is {@linkplain Written#bound bound}
     * @throws UnreadableException for whatever happens on the way
     */
    public Read read(byte[] bytes, boolean bound) throws UnreadableException {
        if (!isOfFory(bytes)) {
            return java.read(bytes, bound);
        }
        if (fory.isEmpty()) {
            throw new UnreadableException(
                    "Apache Fory has written it, which is not on the class path here. Add"
                            + " org.apache.fory:fory-core to the application on every node, or to none");
        }
        Read read = fory.get().read(bytes);
        return foryWrites ? read : new Read(read.graph(), read.isOrderedByAddresses(), true);
    }
}
