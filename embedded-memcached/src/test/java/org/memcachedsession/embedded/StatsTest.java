package org.memcachedsession.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StatsTest {

    /** Those whose number depends on the commands alone. */
    private static final List<String> COMPARABLE =
            List.of(
                    "bytes",
                    "cas_badval",
                    "cas_hits",
                    "cas_misses",
                    "cmd_flush",
                    "cmd_get",
                    "cmd_set",
                    "cmd_touch",
                    "curr_items",
                    "decr_hits",
                    "decr_misses",
                    "delete_hits",
                    "delete_misses",
                    "evictions",
                    "get_hits",
                    "get_misses",
                    "incr_hits",
                    "incr_misses",
                    "item_size_max",
                    "limit_maxbytes",
                    "max_connections",
                    "maxbytes",
                    "maxconns",
                    "store_too_large",
                    "total_items",
                    "touch_hits",
                    "touch_misses");

    private static final String COMMANDS =
            "set a 0 0 1\r\n1\r\nset b 5 0 3\r\nabc\r\nset c 0 0 2000000\r\n"
                    + "x".repeat(2_000_000)
                    + "\r\nset d 0 0 3\r\nabcdef\r\nadd a 0 0 1\r\nx\r\n"
                    + "get a b c\r\ngets a\r\ngat 0 a c\r\ntouch a 0\r\ntouch c 0\r\n"
                    + "incr a 1\r\nincr c 1\r\ndecr a 1\r\ndecr c 1\r\nincr b 1\r\n"
                    + "cas a 0 0 1 9999999\r\nx\r\ncas c 0 0 1 5\r\nx\r\nms a 1 C88888888\r\nx\r\n"
                    + "mg a\r\nmg c\r\nmg a T0\r\nmg c T0\r\nmg e N0\r\nmg b v c\r\n"
                    + "ma a\r\nma c\r\nma c MD\r\nma f N0 J100\r\nma f MD\r\n"
                    + "md b\r\nmd b\r\nmd a C88888888\r\nmd a I\r\ndelete e\r\ndelete e\r\n"
                    + "append f 0 0 2\r\n33\r\nverbosity 0\r\nfoo\r\n";

    private static Map<String, String> stats(Client client, String command) throws IOException {
        return client.ask(command + "\r\n")
                .lines()
                .filter(line -> line.startsWith("STAT "))
                .map(CommandLine::new)
                .collect(Collectors.toMap(line -> line.word(1), CommandLine::last, (a, b) -> b));
    }

    private static Map<String, String> statsAfterCommands(InetSocketAddress server)
            throws IOException {
        try (Client client = new Client(server)) {
            assertThat(client.ask("flush_all\r\nstats reset\r\n")).isEqualTo("OK\r\nRESET\r\n");
            client.ask(COMMANDS);
            Map<String, String> all = new TreeMap<>(stats(client, "stats"));
            all.putAll(stats(client, "stats settings"));
            all.keySet().retainAll(COMPARABLE);
            return all;
        }
    }

    @Test
    void bothServersCountTheSame() throws IOException {
        try (RealMemcached real = RealMemcached.start();
                EmbeddedMemcached embedded = EmbeddedMemcached.start()) {
            Map<String, String> counted = statsAfterCommands(embedded.address());

            assertThat(counted.keySet()).containsExactlyInAnyOrderElementsOf(COMPARABLE);
            assertThat(counted).isEqualTo(statsAfterCommands(real.address()));
        }
    }

    @Test
    void theStatsOfTheObjectAreThoseOfTheCommand() throws IOException {
        try (EmbeddedMemcached server = EmbeddedMemcached.start();
                Client client = new Client(server.address())) {
            client.ask("set a 0 0 1\r\n1\r\nget a b\r\n");

            Map<String, String> told = stats(client, "stats");
            assertThat(server.stats().keySet()).isEqualTo(told.keySet());
            assertThat(told)
                    .containsEntry("get_hits", "1")
                    .containsEntry("get_misses", "2")
                    .containsEntry("curr_items", "1")
                    .containsEntry("curr_connections", "1")
                    .containsEntry("version", AdminCommands.VERSION);
            assertThat(client.ask("version\r\n"))
                    .isEqualTo("VERSION " + AdminCommands.VERSION + "\r\n");
        }
    }

    @Test
    void itemsAndSlabsAreAnsweredWithAndWithoutItems() throws IOException {
        try (EmbeddedMemcached server = EmbeddedMemcached.start();
                Client client = new Client(server.address())) {
            assertThat(client.ask("stats items\r\n")).isEqualTo("END\r\n");
            client.ask("set a 0 0 1\r\n1\r\n");

            assertThat(stats(client, "stats items"))
                    .containsEntry("items:1:number", "1")
                    .containsEntry("items:1:mem_requested", "61");
            assertThat(stats(client, "stats slabs")).containsEntry("active_slabs", "1");
        }
    }
}
