package org.memcachedsession.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.StreamCorruptedException;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a stream says of a class: what the JDK writes of it, which is its name, version, flags and fields, and a hash
 * of the name of its superclass there. Two are equal if all these bytes are. Immutable.
 */
final class ClassDescription {

    /** Longer ones have a length of four bytes, which begins with this. */
    private static final int LONG = 0x1000;

    private final byte[] bytes;
    private final int hash;

    private ClassDescription(byte[] bytes) {
        this.bytes = bytes;
        hash = hashOfSample(bytes);
    }

    /** Called for each class in a stream: to take all bytes would take longer than to compare them. */
    private static int hashOfSample(byte[] bytes) {
        int hash = bytes.length;
        for (int i = 0; i < bytes.length; i += 8) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    static ClassDescription of(ObjectStreamClass descriptor) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DescribingOutput out = new DescribingOutput(bytes)) {
            out.writeClassDescriptor(descriptor);
            Optional<String> superclass = superclass(descriptor.forClass());
            if (superclass.isPresent()) {
                // enough to compare: its own description follows
                out.writeInt(superclass.get().hashCode());
            }
        }
        return new ClassDescription(bytes.toByteArray());
    }

    /**
     * The name, if it is serializable.
     *
     * @param type null for the descriptor of a class that is not here, which a bean may hold
     */
    private static Optional<String> superclass(Class<?> type) {
        return Optional.<Class<?>>ofNullable(type)
                .map(Class::getSuperclass)
                .filter(Serializable.class::isAssignableFrom)
                .map(Class::getName);
    }

    /** The first byte is less than a space, as {@link StreamLimits} would have it. */
    void writeTo(ObjectOutputStream out) throws IOException {
        if (bytes.length < LONG) {
            out.writeShort(bytes.length);
        } else {
            out.writeInt((LONG << Short.SIZE) + bytes.length);
        }
        out.write(bytes);
    }

    /**
     * @param most bytes of the whole stream: a length beyond that is forged, and takes no memory
     */
    static ClassDescription from(ObjectInputStream in, int most) throws IOException {
        int length = in.readUnsignedShort();
        if (length >= LONG) {
            length = ((length - LONG) << Short.SIZE) + in.readUnsignedShort();
        }
        if (length < 0 || length > most) {
            throw new StreamCorruptedException(length + " bytes for a class");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return new ClassDescription(bytes);
    }

    /** What the JDK would have made of it, which knows no class yet. */
    ObjectStreamClass parsed() throws IOException, ClassNotFoundException {
        try (DescribedInput in = new DescribedInput(bytes)) {
            return in.readClassDescriptor();
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClassDescription description
                && Arrays.equals(bytes, description.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** Writes outside of any object, so that all is in blocks of data, names of types included. */
    private static final class DescribingOutput extends ObjectOutputStream {

        DescribingOutput(OutputStream out) throws IOException {
            super(out);
        }

        @Override
        protected void writeStreamHeader() {} // it is in a stream that has one

        @Override
        protected void writeClassDescriptor(ObjectStreamClass descriptor) throws IOException {
            super.writeClassDescriptor(descriptor);
        }
    }

    private static final class DescribedInput extends ObjectInputStream {

        DescribedInput(byte[] bytes) throws IOException {
            super(new ByteArrayInputStream(bytes));
        }

        @Override
        protected void readStreamHeader() {}

        @Override
        protected ObjectStreamClass readClassDescriptor()
                throws IOException, ClassNotFoundException {
            return super.readClassDescriptor();
        }
    }
}
