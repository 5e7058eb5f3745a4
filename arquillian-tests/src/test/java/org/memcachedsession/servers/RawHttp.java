package org.memcachedsession.servers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.memcachedsession.servers.Browser.Answer;

/** Sends what no well-behaved client would, byte by byte. */
public final class RawHttp {

    private static final int ANSWER_MILLIS = 60_000;

    private static final int STATUS_BEGIN = "HTTP/1.1 ".length();
    private static final int STATUS_END = STATUS_BEGIN + 3;

    private RawHttp() {}

    /**
     * GET with these header lines, besides the ones that end the connection with the answer.
     *
     * @param host as in the Host header, whatever the address
     * @param lines one character is one byte
     */
    public static Answer get(URL site, String path, String host, List<String> lines) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            send(site, request(site, path, host, lines), answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return parse(answer.toString(ISO_8859_1));
    }

    /** With the host name of the address. */
    public static Answer get(URL site, String path, String... lines) {
        return get(site, path, hostOf(site), List.of(lines));
    }

    /**
     * A request that the server may refuse before it has read all of it. It closes the connection
     * then, which may cost its answer.
     */
    public static Optional<Answer> getIfAnswered(URL site, String path, String... lines) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            send(site, request(site, path, hostOf(site), List.of(lines)), answer);
        } catch (SocketException closed) {
            // what came, came
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answer.size() == 0
                ? Optional.empty()
                : Optional.of(parse(answer.toString(ISO_8859_1)));
    }

    private static String hostOf(URL site) {
        return site.getHost() + ":" + site.getPort();
    }

    private static String request(URL site, String path, String host, List<String> lines) {
        StringBuilder request = new StringBuilder("GET ").append(resolve(site, path).getRawPath());
        request.append(" HTTP/1.1\r\nHost: ").append(host).append("\r\nConnection: close\r\n");
        lines.forEach(line -> request.append(line).append("\r\n"));
        return request.append("\r\n").toString();
    }

    private static URI resolve(URL site, String path) {
        return URI.create(site.toString()).resolve(path);
    }

    private static void send(URL site, String request, OutputStream answer) throws IOException {
        try (Socket socket = new Socket(site.getHost(), site.getPort())) {
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.getInputStream().transferTo(answer);
        }
    }

    private static Answer parse(String answer) {
        int headEnd = answer.indexOf("\r\n\r\n");
        if (headEnd < 0) {
            throw new IllegalStateException("not an HTTP answer: " + answer);
        }
        List<String> head = answer.substring(0, headEnd).lines().toList();
        Map<String, List<String>> headers = new TreeMap<>();
        for (String line : head.subList(1, head.size())) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            name -> new ArrayList<>())
                    .add(line.substring(colon + 1).trim());
        }
        // as it came: where the server sent chunks, their sizes are in it
        String body = answer.substring(headEnd + 4);
        return new Answer(
                Integer.parseInt(head.get(0).substring(STATUS_BEGIN, STATUS_END)), headers, body);
    }
}
