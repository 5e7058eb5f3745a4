package org.memcachedsession.servers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
        URI url = URI.create(site.toString()).resolve(path);
        StringBuilder request = new StringBuilder("GET ").append(url.getRawPath());
        request.append(" HTTP/1.1\r\nHost: ").append(host).append("\r\nConnection: close\r\n");
        lines.forEach(line -> request.append(line).append("\r\n"));
        request.append("\r\n");
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write(request.toString().getBytes(ISO_8859_1));
            return parse(new String(socket.getInputStream().readAllBytes(), ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With the host name of the address. */
    public static Answer get(URL site, String path, String... lines) {
        return get(site, path, site.getHost() + ":" + site.getPort(), List.of(lines));
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
