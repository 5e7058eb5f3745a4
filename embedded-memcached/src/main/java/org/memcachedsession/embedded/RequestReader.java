package org.memcachedsession.embedded;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What one client sends: lines, and the blocks of data between them. Answers are flushed before each
 * wait for the client, so a pipeline of commands is answered in few packets and nobody waits for an
 * answer that is still here.
 */
final class RequestReader {

    /** Without a line end by then, a line must be a get or the connection ends. */
    private static final int LONGEST_ORDINARY_LINE = 2048;

    /** memcached has no bound here; some 4000 keys of the largest size are enough. */
    private static final int LONGEST_GET_LINE = 1 << 20;

    private static final int MOST_LEADING_BLANKS = 100;
    private static final byte BINARY_PROTOCOL_MAGIC = (byte) 0x80;
    private static final int BUFFER_SIZE = 16 * 1024;

    private final InputStream in;
    private final ReplyWriter replies;
    private byte[] buffer = new byte[BUFFER_SIZE];
    private int start;
    private int end;

    RequestReader(InputStream in, ReplyWriter replies) {
        this.in = in;
        this.replies = replies;
    }

    /**
     * The next line without its end.
     *
     * @return empty where the conversation is over: the client has gone, speaks the binary protocol
     *     or sends a line without an end
     */
    Optional<String> line() throws IOException {
        int looked = start;
        while (!isBinary()) {
            for (; looked < end; looked++) {
                if (buffer[looked] == '\n') {
                    return Optional.of(lineUpTo(looked));
                }
            }
            if (!isAcceptableStart()) {
                return Optional.empty();
            }
            int lookedFromStart = looked - start;
            if (!fill()) {
                return Optional.empty();
            }
            looked = start + lookedFromStart;
        }
        return Optional.empty();
    }

    private boolean isBinary() {
        return start < end && buffer[start] == BINARY_PROTOCOL_MAGIC;
    }

    private String lineUpTo(int newline) {
        int length = newline - start;
        // a lone \r is the text of its line, as memcached sees it
        if (length > 1 && buffer[newline - 1] == '\r') {
            length--;
        }
        String line = new String(buffer, start, length, StandardCharsets.ISO_8859_1);
        start = newline + 1;
        return line;
    }

    private boolean isAcceptableStart() {
        int length = end - start;
        return length <= LONGEST_ORDINARY_LINE || (length < LONGEST_GET_LINE && startsAGet());
    }

    private boolean startsAGet() {
        int first = start;
        while (buffer[first] == ' ' && first - start <= MOST_LEADING_BLANKS) {
            first++;
        }
        String beginning = new String(buffer, first, 5, StandardCharsets.ISO_8859_1);
        return beginning.startsWith("get ") || beginning.equals("gets ");
    }

    /**
     * Reads a block of data and the line end after it.
     *
     * @return empty where something else than a line end follows; as much has been read
     */
    Optional<byte[]> block(int length) throws IOException {
        byte[] block = exactly(length);
        byte[] lineEnd = exactly(2);
        return lineEnd[0] == '\r' && lineEnd[1] == '\n' ? Optional.of(block) : Optional.empty();
    }

    /** Reads a block and the line end after it, and forgets them. */
    void skipBlock(int length) throws IOException {
        long missing = length + 2L;
        while (missing > 0) {
            if (start == end && !fill()) {
                throw new EOFException();
            }
            int skipped = (int) Math.min(missing, end - start);
            start += skipped;
            missing -= skipped;
        }
    }

    private byte[] exactly(int length) throws IOException {
        int buffered = Math.min(length, end - start);
        byte[] block = Arrays.copyOfRange(buffer, start, start + buffered);
        start += buffered;
        if (buffered == length) {
            return block;
        }
        replies.flush();
        // grows with what arrives: an announced length alone takes no memory
        byte[] rest = in.readNBytes(length - buffered);
        if (buffered + rest.length < length) {
            throw new EOFException();
        }
        byte[] whole = Arrays.copyOf(block, length);
        System.arraycopy(rest, 0, whole, buffered, rest.length);
        return whole;
    }

    /** False at the end of the stream. */
    private boolean fill() throws IOException {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(2 * buffer.length, LONGEST_GET_LINE));
        }
        replies.flush();
        int count = in.read(buffer, end, buffer.length - end);
        if (count < 0) {
            return false;
        }
        end += count;
        return true;
    }
}
