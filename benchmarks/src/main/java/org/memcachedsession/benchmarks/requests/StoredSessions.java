package org.memcachedsession.benchmarks.requests;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import org.memcachedsession.nodes.LocalMemcached;

/** Items that stand for the sessions of users who are not there at the moment. */
final class StoredSessions {

    private static final int SECONDS_TO_LIVE = 7200;
    private static final int BUFFER_BYTES = 256 * 1024;

    private StoredSessions() {}

    /**
     * Stores items with the numbers from one on, up to another.
     *
     * @throws MeasurementException memcached refuses one, or has no room for all
     */
    static void fill(LocalMemcached memcached, int from, int to, byte[] value) {
        try (Socket socket = new Socket("127.0.0.1", memcached.port())) {
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
            for (int i = from; i < to; i++) {
                out.write(
                        "ms stored-session-%d %d T%d q\r\n"
                                .formatted(i, value.length, SECONDS_TO_LIVE)
                                .getBytes(US_ASCII));
                out.write(value);
                out.write('\r');
                out.write('\n');
            }
            // quiet commands answer only where they fail; this one always does
            out.write("mn\r\nstats\r\n".getBytes(US_ASCII));
            out.flush();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            String answer = in.readLine();
            if (!"MN".equals(answer)) {
                throw new MeasurementException("memcached says " + answer + " of a stored session");
            }
            for (String line = in.readLine(); !"END".equals(line); line = in.readLine()) {
                if (line.startsWith("STAT evictions ") && !line.endsWith(" 0")) {
                    throw new MeasurementException(
                            "memcached has no room for " + to + " sessions: " + line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
