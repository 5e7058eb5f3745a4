package org.memcachedsession.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.memcachedsession.session.UnreadableException;

/**
 * Makes the content of sessions smaller where that pays, before it is sealed: docs/format.md has it byte by
 * byte. Many threads use it at once.
 *
 * <p>A few bytes can unfold to a thousand times as many. So what is read is bounded by what is found, not by
 * what is claimed: a seal proves who wrote the bytes and not that they are right.
 */
public final class Compression {

    private static final byte COMPRESSED = 4;
    private static final byte DEFLATE = 1;
    private static final int HEAD_BYTES = 1 + 1 + Integer.BYTES;

    /** What is read may be so many times the largest item. Beans seldom shrink to less than a sixth. */
    private static final int MOST_TIMES = 10;

    /** Each read pays for what a save has spared, so it has to spare this part of it or more. */
    private static final int LEAST_GAIN = 8;

    private final OptionalInt from;
    private final int most;
    private final Supplier<Deflater> deflaters;
    private final Supplier<Inflater> inflaters;

    /**
     * @param from bytes of the smallest content that is compressed; empty: none is. Compressed content is
     *     read in any case
     * @param sizeLimit bytes of the largest item. Content of more than ten times as many is neither
     *     compressed nor read if it is
     */
    public Compression(OptionalInt from, int sizeLimit) {
        this(
                from,
                sizeLimit,
                () -> new Deflater(Deflater.BEST_SPEED, true),
                () -> new Inflater(true));
    }

    Compression(
            OptionalInt from,
            int sizeLimit,
            Supplier<Deflater> deflaters,
            Supplier<Inflater> inflaters) {
        this.from = from;
        this.most = Math.multiplyExact(sizeLimit, MOST_TIMES);
        this.deflaters = deflaters;
        this.inflaters = inflaters;
    }

    /** The content of a session in few bytes, or itself where that does not pay. */
    byte[] compressed(byte[] content) {
        int room = content.length - content.length / LEAST_GAIN;
        if (from.isEmpty()
                || content.length < from.getAsInt()
                || content.length > most
                || room <= HEAD_BYTES) {
            return content;
        }
        byte[] bytes = new byte[room];
        ByteBuffer.wrap(bytes).put(COMPRESSED).put(DEFLATE).putInt(content.length);
        Deflater deflater = deflaters.get();
        try {
            deflater.setInput(content);
            deflater.finish();
            int count = deflater.deflate(bytes, HEAD_BYTES, room - HEAD_BYTES);
            return deflater.finished() ? Arrays.copyOf(bytes, HEAD_BYTES + count) : content;
        } finally {
            deflater.end();
        }
    }

    /**
     * What {@link #compressed} was given. Content that is not compressed is given back.
     *
     * @throws UnreadableException it is compressed, and not as it should be
     */
    byte[] plain(byte[] content) throws UnreadableException {
        if (content.length == 0 || content[0] != COMPRESSED) {
            return content;
        }
        if (content.length < HEAD_BYTES) {
            throw new UnreadableException("it is cut");
        }
        if (content[1] != DEFLATE) {
            throw new UnreadableException(
                    "it is compressed in a way that this version does not know, "
                            + Byte.toUnsignedInt(content[1]));
        }
        int length = ByteBuffer.wrap(content).getInt(2);
        if (length <= 0 || length > most) {
            throw new UnreadableException(
                    "it says that it has "
                            + length
                            + " bytes when it is no longer compressed, and 1 to "
                            + most
                            + " are read (ten times memcached.session.size.limit)");
        }
        byte[] plain = inflated(content, length);
        if (plain[0] != RecordFormat.SESSION) {
            throw new UnreadableException(
                    "what is compressed is no session but of kind " + Byte.toUnsignedInt(plain[0]));
        }
        return plain;
    }

    private byte[] inflated(byte[] content, int length) throws UnreadableException {
        // a guess, by what is there; it grows with what comes
        byte[] plain = new byte[Math.min(length, 4 * content.length)];
        int count = 0;
        Inflater inflater = inflaters.get();
        try {
            inflater.setInput(content, HEAD_BYTES, content.length - HEAD_BYTES);
            while (!inflater.finished()) {
                if (count == length) {
                    requireEnd(inflater, length);
                } else {
                    if (count == plain.length) {
                        plain = Arrays.copyOf(plain, (int) Math.min(length, 2L * count));
                    }
                    int more = inflater.inflate(plain, count, plain.length - count);
                    if (more == 0 && !inflater.finished()) {
                        throw new UnreadableException("it is cut");
                    }
                    count += more;
                }
            }
            if (count < length || inflater.getRemaining() > 0) {
                throw new UnreadableException("it does not end where it says");
            }
            return plain;
        } catch (DataFormatException e) {
            throw new UnreadableException("it is garbled where it is compressed", e);
        } finally {
            inflater.end();
        }
    }

    /** The mark of the end may come after the last byte. */
    private static void requireEnd(Inflater inflater, int length)
            throws DataFormatException, UnreadableException {
        if (inflater.inflate(new byte[1]) > 0) {
            throw new UnreadableException("it has more than the " + length + " bytes that it says");
        }
        if (!inflater.finished()) {
            throw new UnreadableException("it is cut");
        }
    }
}
