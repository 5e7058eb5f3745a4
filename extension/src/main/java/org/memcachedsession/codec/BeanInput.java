package org.memcachedsession.codec;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.io.StreamCorruptedException;
import java.util.Arrays;

/**
 * The stream of a bean: one of the JDK as it is, or one that begins with {@link #MARK} and has descriptions in
 * place of the JDK's own descriptors of classes.
 */
abstract class BeanInput extends ObjectInputStream {

    /** What stands in place of the header of a stream of the JDK. */
    static final byte MARK = (byte) 0xAD;

    private static final byte[] JDK_HEADER = {(byte) 0xAC, (byte) 0xED, 0, 5};

    private final int size;
    private final boolean hasDescriptions;

    BeanInput(byte[] bytes) throws IOException {
        super(afterHeader(bytes));
        size = bytes.length;
        hasDescriptions = bytes[0] == MARK;
    }

    private static BytesInput afterHeader(byte[] bytes) throws StreamCorruptedException {
        return new BytesInput(bytes, headerOf(bytes));
    }

    private static int headerOf(byte[] bytes) throws StreamCorruptedException {
        if (bytes.length > 0 && bytes[0] == MARK) {
            return 1;
        }
        if (Arrays.mismatch(bytes, JDK_HEADER) != JDK_HEADER.length) {
            throw new StreamCorruptedException("no stream of objects");
        }
        return JDK_HEADER.length;
    }

    final boolean hasDescriptions() {
        return hasDescriptions;
    }

    @Override
    protected final void readStreamHeader() {} // passed over already

    @Override
    protected final ObjectStreamClass readClassDescriptor()
            throws IOException, ClassNotFoundException {
        return hasDescriptions
                ? described(ClassDescription.from(this, size))
                : sent(super.readClassDescriptor());
    }

    /** What the JDK is to take for the class that is described. */
    abstract ObjectStreamClass described(ClassDescription description)
            throws IOException, ClassNotFoundException;

    /** As {@link #described}, for a class that the JDK has described itself. */
    abstract ObjectStreamClass sent(ObjectStreamClass descriptor)
            throws IOException, ClassNotFoundException;
}
