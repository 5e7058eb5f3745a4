package org.memcachedsession.benchmarks.requests;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.List;
import org.memcachedsession.nodes.LocalMemcached;

/**
 * What memcached has done so far, by its own {@code stats}. Meta commands count as what they do: one that
 * reads is a get, or a touch if it also prolongs; one that stores, with a version or without, is a set.
 *
 * @param bytesIn that memcached was sent
 * @param bytesOut that memcached has sent
 */
record StoreStatistics(
        long gets, long sets, long touches, long deletes, long bytesIn, long bytesOut) {

    static final StoreStatistics NOTHING = new StoreStatistics(0, 0, 0, 0, 0, 0);

    /** Of several servers together. */
    static StoreStatistics of(List<LocalMemcached> servers) {
        return servers.stream().map(StoreStatistics::ask).reduce(NOTHING, StoreStatistics::plus);
    }

    private static StoreStatistics ask(LocalMemcached server) {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream().write("stats\r\n".getBytes(US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            return parse(in.lines().takeWhile(line -> !line.equals("END")).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines {@code STAT name value}. */
    static StoreStatistics parse(List<String> lines) {
        return new StoreStatistics(
                value("cmd_get", lines),
                value("cmd_set", lines),
                value("cmd_touch", lines),
                value("delete_hits", lines) + value("delete_misses", lines),
                value("bytes_read", lines),
                value("bytes_written", lines));
    }

    private static long value(String name, List<String> lines) {
        String start = "STAT " + name + " ";
        return lines.stream()
                .filter(line -> line.startsWith(start))
                .mapToLong(line -> Long.parseLong(line.substring(start.length())))
                .findFirst()
                .orElseThrow(() -> new MeasurementException("memcached's stats have no " + name));
    }

    StoreStatistics plus(StoreStatistics other) {
        return new StoreStatistics(
                gets + other.gets,
                sets + other.sets,
                touches + other.touches,
                deletes + other.deletes,
                bytesIn + other.bytesIn,
                bytesOut + other.bytesOut);
    }

    /** What happened since. */
    StoreStatistics since(StoreStatistics earlier) {
        return new StoreStatistics(
                gets - earlier.gets,
                sets - earlier.sets,
                touches - earlier.touches,
                deletes - earlier.deletes,
                bytesIn - earlier.bytesIn,
                bytesOut - earlier.bytesOut);
    }

    /** All commands that concern items. */
    long commands() {
        return gets + sets + touches + deletes;
    }
}
