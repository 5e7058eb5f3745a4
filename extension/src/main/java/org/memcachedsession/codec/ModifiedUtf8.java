package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.nio.ByteBuffer;
import org.memcachedsession.session.UnreadableException;

/** Texts with their length before them, as {@link java.io.DataOutput#writeUTF} writes them, to and from buffers. */
final class ModifiedUtf8 {

    private static final int MOST_BYTES = 65_535;

    private ModifiedUtf8() {}

    /** How many bytes {@link #write} writes. */
    static int size(String text) {
        int size = Short.BYTES + text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x800) {
                size += 2;
            } else if (!isOneByte(c)) {
                size++;
            }
        }
        return size;
    }

    /** NUL takes two. */
    private static boolean isOneByte(char c) {
        return c > 0 && c < 0x80;
    }

    static void write(String text, ByteBuffer out) {
        int length = size(text) - Short.BYTES;
        if (length > MOST_BYTES) {
            throw new IllegalStateException("a bean key is longer than 65535 bytes");
        }
        out.putShort((short) length);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isOneByte(c)) {
                out.put((byte) c);
            } else if (c < 0x800) {
                out.put((byte) (0xC0 | (c >> 6))).put(following(c));
            } else {
                out.put((byte) (0xE0 | (c >> 12))).put(following(c >> 6)).put(following(c));
            }
        }
    }

    /** Six bits. */
    private static byte following(int bits) {
        return (byte) (0x80 | (bits & 0x3F));
    }

    /**
     * Reads a text, of which the length is compared with what is there.
     *
     * @throws UTFDataFormatException nobody writes such bytes
     */
    static String read(ByteBuffer in) throws UTFDataFormatException, UnreadableException {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > in.remaining()) {
            throw new UnreadableException("a text says that it has " + length + " bytes");
        }
        byte[] bytes = new byte[Short.BYTES + length];
        in.position(in.position() - Short.BYTES).get(bytes);
        for (int i = Short.BYTES; i < bytes.length; i++) {
            if (bytes[i] < 0) {
                return readByJdk(bytes);
            }
        }
        return new String(bytes, Short.BYTES, length, US_ASCII);
    }

    private static String readByJdk(byte[] bytes) throws UTFDataFormatException {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return in.readUTF();
        } catch (UTFDataFormatException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException("an array is always there", e);
        }
    }
}
