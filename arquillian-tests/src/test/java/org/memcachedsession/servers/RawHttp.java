package org.memcachedsession.servers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.memcachedsession.servers.Browser.Answer;

/** Sends what no well-behaved client would, and sees every byte that comes back. */
public final class RawHttp {

    private RawHttp() {}

    /**
     * GET with these header lines, besides the ones that end the connection with the answer.
     *
     * @param host as in the Host header, whatever the address
     * @param lines one character is one byte
     */
    public static Answer get(URL site, String path, String host, List<String> lines) {
        List<String> withEnd =
                Stream.concat(Stream.of("Connection: close"), lines.stream()).toList();
        try (ArrivingAnswer answer = open(site, path, host, withEnd)) {
            return answer.await();
        }
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
        List<String> withEnd =
                Stream.concat(Stream.of("Connection: close"), Stream.of(lines)).toList();
        try (ArrivingAnswer answer = open(site, path, hostOf(site), withEnd)) {
            return answer.awaitIfAny();
        } catch (UncheckedIOException closed) {
            return Optional.empty();
        }
    }

    /** Sends a GET and waits for nothing. */
    public static ArrivingAnswer open(URL site, String path, List<String> lines) {
        return open(site, path, hostOf(site), lines);
    }

    private static ArrivingAnswer open(URL site, String path, String host, List<String> lines) {
        URI url = URI.create(site.toString()).resolve(path);
        StringBuilder request = new StringBuilder("GET ").append(url.getRawPath());
        if (url.getRawQuery() != null) {
            request.append('?').append(url.getRawQuery());
        }
        request.append(" HTTP/1.1\r\nHost: ").append(host).append("\r\n");
        lines.forEach(line -> request.append(line).append("\r\n"));
        request.append("\r\n");
        try {
            Socket socket = new Socket(url.getHost(), url.getPort());
            socket.getOutputStream().write(request.toString().getBytes(ISO_8859_1));
            return new ArrivingAnswer(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hostOf(URL site) {
        return site.getHost() + ":" + site.getPort();
    }
}
