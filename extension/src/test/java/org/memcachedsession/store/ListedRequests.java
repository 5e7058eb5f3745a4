package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Lets those requests through that a list has, byte by byte, and no others: what is not on it ends its connection. Many
 * connections use one list at once, and it knows what was asked on them.
 *
 * <p>An entry is a line of the text protocol; in the binary one, operation code and key. It has names in {@code < >}
 * for what differs from request to request, and in {@code [ ]} what may be missing.
 */
final class ListedRequests implements Doorkeeper.Requests {

    private static final Map<String, String> NAMES =
            Map.of(
                    "key", "[A-Za-z0-9_-]{43}",
                    "any", "[0-9a-z]{1,13}",
                    "number", "-?[0-9a-z]{1,6}",
                    "version", "0|[1-9][0-9]{0,19}",
                    "seconds", "[1-9][0-9]{0,6}",
                    "bytes", "0|[1-9][0-9]{0,6}");

    private static final Pattern NAME = Pattern.compile("<([a-z]+)>");
    private static final Pattern OPTION = Pattern.compile("\\[([^]]*)]");
    private static final int LONGEST_LINE = 300;
    private static final int BINARY = 0x80;
    private static final int BINARY_HEADER = 24;

    private final List<Entry> entries;
    private final Set<String> notAsked = ConcurrentHashMap.newKeySet();
    private final CountDownLatch left;
    private final List<String> refused = new CopyOnWriteArrayList<>();

    ListedRequests(List<String> templates) {
        entries = templates.stream().flatMap(Entry::of).toList();
        entries.forEach(entry -> notAsked.add(entry.text));
        left = new CountDownLatch(notAsked.size());
    }

    private record Entry(String text, Pattern pattern) {

        /** Two for each option: with it and without. */
        static Stream<Entry> of(String template) {
            Matcher option = OPTION.matcher(template);
            return option.find()
                    ? Stream.of("$1", "").map(option::replaceFirst).flatMap(Entry::of)
                    : Stream.of(new Entry(template, pattern(template)));
        }

        private static Pattern pattern(String text) {
            StringBuilder pattern = new StringBuilder();
            int begin = 0;
            for (Matcher name = NAME.matcher(text); name.find(); begin = name.end()) {
                String meaning = NAMES.get(name.group(1));
                if (meaning == null) {
                    throw new IllegalArgumentException("a name without a meaning: " + text);
                }
                pattern.append(Pattern.quote(text.substring(begin, name.start())))
                        .append("(?<" + name.group(1) + ">" + meaning + ")");
            }
            return Pattern.compile(pattern + Pattern.quote(text.substring(begin)));
        }

        boolean fits(String request) {
            return pattern.matcher(request).matches();
        }

        /** Of what follows the line; empty: nothing does. */
        OptionalInt valueLength(String line) {
            Matcher asked = pattern.matcher(line);
            return text.contains("<bytes>") && asked.matches()
                    ? OptionalInt.of(Integer.parseInt(asked.group("bytes")))
                    : OptionalInt.empty();
        }
    }

    /** Whether all entries that have this in them were asked. */
    boolean wasAsked(String part) {
        return notAsked.stream().noneMatch(text -> text.contains(part));
    }

    /** What was not, when all was or when it has taken so long that only a test which fails sees it. */
    Set<String> notAskedInTheEnd() throws InterruptedException {
        return left.await(40, TimeUnit.SECONDS) ? Set.of() : new TreeSet<>(notAsked);
    }

    /** What was asked and is not on the list. */
    List<String> refused() {
        return refused;
    }

    @Override
    public void pass(InputStream client, OutputStream server) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(client));
        try {
            for (int first = in.read(); first >= 0; first = in.read()) {
                if (first == BINARY) {
                    server.write(binary(in));
                } else {
                    server.write(text(first, in));
                }
            }
        } catch (EOFException withinARequest) {
            // whoever has asked does not wait for the answer
        } catch (NotListedException e) {
            refused.add(e.getMessage());
            throw e;
        }
    }

    private byte[] text(int first, DataInputStream in) throws IOException {
        String line = line(first, in);
        OptionalInt length = take(line).valueLength(line);
        if (length.isEmpty()) {
            return (line + "\r\n").getBytes(ISO_8859_1);
        }
        byte[] value = new byte[length.getAsInt()];
        in.readFully(value);
        if (!line(in.readUnsignedByte(), in).isEmpty()) {
            throw new NotListedException("more than the value after " + line);
        }
        return ServerCommand.withValue(line + "\r\n", value);
    }

    private static String line(int first, DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = first;
        while (next >= ' ' && next <= '~' && line.length() < LONGEST_LINE) {
            line.append((char) next);
            next = in.readUnsignedByte();
        }
        if (next != '\r' || in.readUnsignedByte() != '\n') {
            throw new NotListedException("no line: " + line);
        }
        return line.toString();
    }

    private byte[] binary(DataInputStream in) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(BINARY_HEADER).put(0, (byte) BINARY);
        in.readFully(header.array(), 1, BINARY_HEADER - 1);
        int extras = Byte.toUnsignedInt(header.get(4));
        int keyLength = Short.toUnsignedInt(header.getShort(2));
        byte[] body = new byte[header.getInt(8)];
        in.readFully(body);
        String key = new String(body, extras, keyLength, ISO_8859_1);
        String operation = "0x" + HexFormat.of().toHexDigits(header.get(1));
        take(key.isEmpty() ? operation : operation + ' ' + key);
        return ByteBuffer.allocate(BINARY_HEADER + body.length)
                .put(header.array())
                .put(body)
                .array();
    }

    private Entry take(String request) throws NotListedException {
        Entry asked =
                entries.stream()
                        .filter(entry -> entry.fits(request))
                        .findFirst()
                        .orElseThrow(() -> new NotListedException(request));
        if (notAsked.remove(asked.text)) {
            left.countDown();
        }
        return asked;
    }

    private static final class NotListedException extends IOException {
        NotListedException(String request) {
            super(request);
        }
    }
}
