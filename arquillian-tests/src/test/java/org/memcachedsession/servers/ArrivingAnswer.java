package org.memcachedsession.servers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.memcachedsession.servers.Browser.Answer;

/**
 * An answer that a test looks at while it arrives. A client takes it for whole by its length, by its
 * last chunk or by the end of the connection, whichever the server chose. For one thread at a time.
 */
public final class ArrivingAnswer implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;

    /** More than bytes need on loopback that have been sent already. */
    private static final int QUIET_MILLIS = 100;

    private static final String HEAD_END = "\r\n\r\n";
    private static final int STATUS_BEGIN = "HTTP/1.1 ".length();
    private static final int STATUS_END = STATUS_BEGIN + 3;
    private static final Set<Integer> WITHOUT_BODY = Set.of(204, 304);
    private static final int HEX = 16;

    private final Socket socket;
    private final byte[] buffer = new byte[64 * 1024];
    private final StringBuilder arrived = new StringBuilder();
    private boolean ended;

    ArrivingAnswer(Socket socket) {
        this.socket = socket;
    }

    /** Whether a byte, or the end of the connection, is there or comes at once. */
    public boolean anythingArrives() {
        return arrived.length() > 0 || ended || read(QUIET_MILLIS);
    }

    /** Whether the last byte is there or comes at once, after all that come before it. */
    public boolean allOfItArrives() {
        while (!isWhole()) {
            if (!read(QUIET_MILLIS)) {
                return false;
            }
        }
        return true;
    }

    /** Waits until a text has arrived, be it the last of the answer or not. */
    public void awaitText(String text) {
        while (arrived.indexOf(text) < 0) {
            readMore("\"" + text + "\"");
        }
    }

    /** Waits until it is whole, or the server ends the connection in the middle. */
    public Answer await() {
        while (!isWhole()) {
            readMore("the rest of the answer");
        }
        Head head = head();
        if (head == null) {
            throw new IllegalStateException("not an HTTP answer: " + arrived);
        }
        return new Answer(head.status(), head.headers(), body(head).text());
    }

    /** As {@link #await}; empty if the server ends the connection without a word. */
    Optional<Answer> awaitIfAny() {
        try {
            while (!isWhole()) {
                readMore("the rest of the answer");
            }
        } catch (UncheckedIOException closed) {
            ended = true; // what came, came
        }
        return arrived.length() == 0 ? Optional.empty() : Optional.of(await());
    }

    private void readMore(String awaited) {
        if (ended || !read(PATIENCE_MILLIS)) {
            throw new IllegalStateException(awaited + " did not arrive, but " + arrived);
        }
    }

    /** Whether anything came in time. */
    private boolean read(int millis) {
        try {
            socket.setSoTimeout(millis);
            int length = socket.getInputStream().read(buffer);
            if (length < 0) {
                ended = true;
            } else {
                arrived.append(new String(buffer, 0, length, ISO_8859_1));
            }
            return true;
        } catch (SocketTimeoutException nothing) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isWhole() {
        if (ended) {
            return true;
        }
        Head head = head();
        return head != null && body(head).isWhole();
    }

    /** Null if not all of it has arrived. */
    private Head head() {
        int end = arrived.indexOf(HEAD_END);
        if (end < 0) {
            return null;
        }
        List<String> lines = arrived.substring(0, end).lines().toList();
        Map<String, List<String>> headers = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            name -> new ArrayList<>())
                    .add(line.substring(colon + 1).trim());
        }
        return new Head(
                Integer.parseInt(lines.get(0).substring(STATUS_BEGIN, STATUS_END)),
                headers,
                end + HEAD_END.length());
    }

    private Body body(Head head) {
        String bytes = arrived.substring(head.length());
        if (WITHOUT_BODY.contains(head.status())) {
            return new Body(bytes, true);
        }
        if (head.headers().containsKey("transfer-encoding")) {
            return chunks(bytes);
        }
        List<String> length = head.headers().get("content-length");
        return new Body(bytes, length != null && bytes.length() >= Integer.parseInt(length.get(0)));
    }

    private static Body chunks(String bytes) {
        StringBuilder text = new StringBuilder();
        int position = 0;
        while (true) {
            int sizeEnd = bytes.indexOf("\r\n", position);
            if (sizeEnd < 0) {
                return new Body(text.toString(), false);
            }
            int size = Integer.parseInt(bytes.substring(position, sizeEnd), HEX);
            int begin = sizeEnd + 2;
            int end = begin + size;
            text.append(bytes, Math.min(begin, bytes.length()), Math.min(end, bytes.length()));
            position = end + 2;
            if (size == 0 || position > bytes.length()) {
                return new Body(text.toString(), size == 0 && position <= bytes.length());
            }
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @param length in bytes, with the empty line at its end
     */
    private record Head(int status, Map<String, List<String>> headers, int length) {}

    /**
     * @param text what of it has arrived
     * @param isWhole whether the answer itself says that nothing more comes
     */
    private record Body(String text, boolean isWhole) {}
}
