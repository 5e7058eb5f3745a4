package org.memcachedsession.benchmarks.requests;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads the answers of one connection, as HTTP/1.1 has them. For one thread. */
final class AnswerReader {

    private static final int BUFFER_BYTES = 32 * 1024;
    private static final int STATUS_START = "HTTP/1.1 ".length();
    private static final int STATUS_END = STATUS_START + 3;
    private static final int HEXADECIMAL = 16;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int filled;

    AnswerReader(InputStream in) {
        this.in = in;
    }

    /**
     * @throws EOFException the connection ended before the answer did
     */
    Answer read() throws IOException {
        String statusLine = line();
        if (!statusLine.startsWith("HTTP/1.") || statusLine.length() < STATUS_END) {
            throw new IOException("this is no answer of HTTP: " + statusLine);
        }
        int status = Integer.parseInt(statusLine.substring(STATUS_START, STATUS_END));
        int length = 0;
        boolean chunked = false;
        boolean closes = false;
        List<String> cookies = new ArrayList<>();
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            String value = header.substring(colon + 1).strip();
            switch (header.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = Integer.parseInt(value);
                case "transfer-encoding" -> chunked = value.equalsIgnoreCase("chunked");
                case "connection" -> closes = value.equalsIgnoreCase("close");
                case "set-cookie" -> cookies.add(value.split(";", 2)[0]);
                default -> {
                    // nothing to us
                }
            }
        }
        return new Answer(status, chunked ? chunks() : bytes(length), cookies, closes);
    }

    private String chunks() throws IOException {
        StringBuilder body = new StringBuilder();
        while (true) {
            int length = Integer.parseInt(line().split(";", 2)[0].strip(), HEXADECIMAL);
            body.append(bytes(length));
            // after the last chunk too, where trailers could be
            if (!line().isEmpty()) {
                throw new IOException("a chunk does not end where it says");
            }
            if (length == 0) {
                return body.toString();
            }
        }
    }

    private String bytes(int count) throws IOException {
        StringBuilder text = new StringBuilder();
        int left = count;
        while (left > 0) {
            if (position == filled) {
                fill();
            }
            int part = Math.min(left, filled - position);
            text.append(new String(buffer, position, part, US_ASCII));
            position += part;
            left -= part;
        }
        return text.toString();
    }

    private String line() throws IOException {
        int looked = position;
        while (true) {
            for (; looked < filled; looked++) {
                if (buffer[looked] == '\n') {
                    String line = new String(buffer, position, looked - 1 - position, US_ASCII);
                    position = looked + 1;
                    return line;
                }
            }
            looked -= position;
            fill();
            looked += position;
        }
    }

    /** Some more bytes behind those that nobody has taken yet. */
    private void fill() throws IOException {
        System.arraycopy(buffer, position, buffer, 0, filled - position);
        filled -= position;
        position = 0;
        int count = in.read(buffer, filled, buffer.length - filled);
        if (count < 0) {
            throw new EOFException("the connection ended within an answer");
        }
        if (count == 0) {
            throw new IOException("a line is longer than " + BUFFER_BYTES + " bytes");
        }
        filled += count;
    }
}
