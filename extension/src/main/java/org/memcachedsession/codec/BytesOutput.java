package org.memcachedsession.codec;

import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * Makes an array of bytes, as {@link java.io.ByteArrayOutputStream} does, without its lock, and copies nothing where
 * it was told the right size. One array after the other, for one thread at a time.
 */
final class BytesOutput extends OutputStream {

    /** Of an array, which some JVMs do not make longer. */
    private static final int MOST = Integer.MAX_VALUE - 8;

    private byte[] bytes = {};
    private int count;

    /** Into another array: the one before belongs to whoever it was given to. */
    void begin(int expected) {
        bytes = new byte[expected];
        count = 0;
    }

    @Override
    public void write(int value) {
        makeRoom(1);
        bytes[count++] = (byte) value;
    }

    @Override
    public void write(byte[] from, int first, int length) {
        Objects.checkFromIndexSize(first, length, from.length);
        makeRoom(length);
        System.arraycopy(from, first, bytes, count, length);
        count += length;
    }

    private void makeRoom(int more) {
        int needed = Math.addExact(count, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(2L * count, MOST)));
        }
    }

    /** When all is written. */
    byte[] written() {
        return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
    }
}
