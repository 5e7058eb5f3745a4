package org.memcachedsession.benchmarks.requests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.memcachedsession.SessionSettings.Server;
import org.memcachedsession.nodes.LocalMemcached;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.store.MemcachedSessionStore;
import org.memcachedsession.store.MemcachedStoreParameters;

/**
 * Where the items of a pool are, and how many are no longer found when a server is added to it.
 *
 * @param servers before one is added
 * @param keys of items
 * @param least items on one server
 * @param most items on one server
 * @param moved items whose place is on the added server, or on another old one
 */
record Placement(int servers, int keys, long least, long most, long moved) {

    private static final String HEAD = "servers,keys,least,most,moved";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TIME_TO_LIVE = Duration.ofHours(1);
    private static final int SIZE_LIMIT = 1024;

    /** Of so many items in servers of their own, which are ended again. */
    static Placement of(int servers, int keys) {
        List<LocalMemcached> pool = new ArrayList<>();
        try {
            for (int i = 0; i < servers; i++) {
                pool.add(LocalMemcached.startReal());
            }
            try (MemcachedSessionStore store = store(pool)) {
                for (int i = 0; i < keys; i++) {
                    store.create(key(i), new byte[1], TIME_TO_LIVE);
                }
            }
            long[] counts =
                    pool.stream()
                            .mapToLong(server -> StoreStatistics.of(List.of(server)).sets())
                            .sorted()
                            .toArray();
            pool.add(LocalMemcached.startReal());
            long moved = 0;
            try (MemcachedSessionStore larger = store(pool)) {
                for (int i = 0; i < keys; i++) {
                    if (larger.load(key(i)).isEmpty()) {
                        moved++;
                    }
                }
            }
            if (Arrays.stream(counts).sum() != keys) {
                throw new MeasurementException("not every item was stored once");
            }
            return new Placement(servers, keys, counts[0], counts[servers - 1], moved);
        } finally {
            pool.forEach(LocalMemcached::close);
        }
    }

    private static ItemKey key(int number) {
        return new ItemKey("placed-session-" + number);
    }

    private static MemcachedSessionStore store(List<LocalMemcached> pool) {
        List<Server> servers =
                pool.stream().map(server -> new Server("127.0.0.1", server.port(), 1)).toList();
        return new MemcachedSessionStore(
                new MemcachedStoreParameters(servers, TIMEOUT, TIMEOUT, 1, SIZE_LIMIT));
    }

    /** Of the items on the fullest server, over an equal share. */
    double mostOverEqual() {
        return most * (double) servers / keys;
    }

    /** Of the items on the emptiest server, over an equal share. */
    double leastOverEqual() {
        return least * (double) servers / keys;
    }

    /** Of all items. */
    double movedShare() {
        return moved / (double) keys;
    }

    static void write(List<Placement> all, Path file) {
        List<String> lines = new ArrayList<>(List.of(HEAD));
        for (Placement each : all) {
            lines.add(
                    "%d,%d,%d,%d,%d"
                            .formatted(each.servers, each.keys, each.least, each.most, each.moved));
        }
        try {
            Files.writeString(file, String.join("\n", lines) + "\n", UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Placement> read(Path file) {
        try {
            return Files.readAllLines(file, UTF_8).stream()
                    .skip(1)
                    .map(
                            line ->
                                    Arrays.stream(line.split(","))
                                            .mapToInt(Integer::parseInt)
                                            .toArray())
                    .map(n -> new Placement(n[0], n[1], n[2], n[3], n[4]))
                    .toList();
        } catch (IOException e) {
            throw new MeasurementException("there are no figures at " + file, e);
        }
    }
}
