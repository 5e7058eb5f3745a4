package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.memcachedsession.SessionSettings.Server;

class KetamaRingTest {

    /** Servers, and the server of each key as libmemcached has it. */
    record Placement(String name, List<Server> servers, String expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("libmemcached")
    void everyKeyIsWhereLibmemcachedPutsIt(Placement placement) {
        KetamaRing ring = new KetamaRing(placement.servers());

        StringBuilder found = new StringBuilder();
        for (int k = 0; k < placement.expected().length(); k++) {
            String key = "key-%d.%x_Z".formatted(k, k * 0x9E3779B1);
            found.append((char) ('a' + ring.serverOf(key)));
        }

        assertThat(found).hasSize(1000).hasToString(placement.expected());
    }

    @Test
    void theRecordedPlacementsCoverPortsAndWeights() throws IOException {
        assertThat(libmemcached().map(Placement::toString))
                .hasSizeGreaterThan(10)
                .contains("equal-other-ports", "weights-1-2-3", "names-weights-1-to-5", "ipv6");
    }

    @Test
    void aServerMoreTakesKeysFromTheOthersAndMovesNoneBetweenThem() {
        List<Server> three = List.of(server(1), server(2), server(3));
        List<Server> four = List.of(server(1), server(2), server(3), server(4));
        KetamaRing before = new KetamaRing(three);
        KetamaRing after = new KetamaRing(four);

        int moved = 0;
        for (int k = 0; k < 4000; k++) {
            int now = after.serverOf("k" + k);
            if (now == 3) {
                moved++;
            } else {
                assertThat(now).isEqualTo(before.serverOf("k" + k));
            }
        }

        assertThat(moved).isBetween(600, 1400);
    }

    private static Server server(int last) {
        return new Server("10.0.0." + last, 11211, 1);
    }

    static Stream<Placement> libmemcached() throws IOException {
        List<Placement> placements = new ArrayList<>();
        try (InputStream file =
                KetamaRingTest.class.getResourceAsStream("libmemcached-placement.txt")) {
            String text = new String(file.readAllBytes(), UTF_8).replaceAll("(?m)^#.*\n", "");
            for (String block : text.split("(?m)^= ", -1)) {
                if (!block.isBlank()) {
                    placements.add(placement(block));
                }
            }
        }
        return placements.stream();
    }

    private static Placement placement(String block) {
        String[] lines = block.split("\n", 2);
        String[] head = lines[0].split(" ", -1);
        List<Server> servers =
                Arrays.stream(head)
                        .skip(1)
                        .map(
                                text -> {
                                    int weight = text.lastIndexOf(':');
                                    int port = text.lastIndexOf(':', weight - 1);
                                    return new Server(
                                            text.substring(0, port),
                                            Integer.parseInt(text.substring(port + 1, weight)),
                                            Integer.parseInt(text.substring(weight + 1)));
                                })
                        .toList();
        return new Placement(head[0], servers, lines[1].replaceAll("\\s", ""));
    }
}
