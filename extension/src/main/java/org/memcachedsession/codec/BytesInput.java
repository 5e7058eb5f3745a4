package org.memcachedsession.codec;

import java.io.InputStream;
import java.util.Objects;

/**
 * Bytes of an array, as {@link java.io.ByteArrayInputStream} gives them, without its lock: a stream of objects asks
 * for them in many small calls. For one thread at a time.
 */
final class BytesInput extends InputStream {

    private final byte[] bytes;
    private int next;

    /**
     * @param next where to begin
     */
    BytesInput(byte[] bytes, int next) {
        this.bytes = bytes;
        this.next = Objects.checkIndex(next, bytes.length + 1);
    }

    @Override
    public int read() {
        return next < bytes.length ? bytes[next++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int from, int most) {
        Objects.checkFromIndexSize(from, most, into.length);
        int count = Math.min(most, available());
        if (count == 0 && most > 0) {
            return -1;
        }
        System.arraycopy(bytes, next, into, from, count);
        next += count;
        return count;
    }

    @Override
    public long skip(long most) {
        int count = (int) Math.max(0, Math.min(most, available()));
        next += count;
        return count;
    }

    @Override
    public int available() {
        return bytes.length - next;
    }
}
