package org.memcachedsession.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemoryLimitTest {

    /** Four items of {@link #store} fit, a fifth does not. */
    private static final int LIMIT = 4 * (1000 + 59 + 1);

    private EmbeddedMemcached server;
    private Client client;

    @BeforeEach
    void start() throws IOException {
        server = EmbeddedMemcached.builder().memoryLimit(LIMIT).itemSizeLimit(2048).start();
        client = new Client(server.address());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    private void store(String key) throws IOException {
        String command = "set " + key + " 0 0 1000\r\n" + "x".repeat(1000) + "\r\n";
        assertThat(client.ask(command)).isEqualTo("STORED\r\n");
    }

    private String there() throws IOException {
        StringBuilder there = new StringBuilder();
        for (String key : new String[] {"a", "b", "c", "d", "e"}) {
            there.append(client.ask("mg " + key + " u\r\n").startsWith("HD") ? key : "");
        }
        return there.toString();
    }

    private void storeFour() throws IOException {
        store("a");
        store("b");
        store("c");
        store("d");
    }

    @Test
    void itemsUpToTheLimitStay() throws IOException {
        storeFour();

        assertThat(there()).isEqualTo("abcd");
        assertThat(server.stats())
                .containsEntry("bytes", Integer.toString(LIMIT))
                .containsEntry("evictions", "0");
    }

    @Test
    void theItemLongestUnusedGoesFirst() throws IOException {
        storeFour();
        client.ask("get a\r\n");
        client.ask("mg b\r\n");
        client.ask("touch c 0\r\n");
        store("e");

        assertThat(there()).isEqualTo("abce");
        assertThat(server.stats()).containsEntry("evictions", "1");
    }

    @Test
    void readingWithUDoesNotCountAsUse() throws IOException {
        storeFour();
        client.ask("mg a u v\r\n");
        store("e");

        assertThat(there()).isEqualTo("bcde");
    }

    @Test
    void aValueThatTakesThePlaceOfAnotherEvictsNothing() throws IOException {
        storeFour();
        store("a");
        store("a");

        assertThat(there()).isEqualTo("abcd");
    }

    @Test
    void anItemThatGrowsPushesOutTheOldest() throws IOException {
        storeFour();
        assertThat(client.ask("append d 0 0 1\r\ny\r\n")).isEqualTo("STORED\r\n");

        assertThat(there()).isEqualTo("bcd");
    }

    @Test
    void memoryOfDeletedAndFlushedItemsIsFree() throws IOException {
        storeFour();
        client.ask("delete a\r\n");
        client.ask("md b\r\n");
        assertThat(server.stats()).containsEntry("bytes", Integer.toString(LIMIT / 2));
        client.ask("flush_all\r\n");

        assertThat(server.stats()).containsEntry("bytes", "0").containsEntry("curr_items", "0");
    }

    @Test
    void theItemLimitIsTheOneThatWasSet() throws IOException {
        String fits = "set a 0 0 1988\r\n" + "x".repeat(1988) + "\r\n";
        String doesNot = "set a 0 0 1989\r\n" + "x".repeat(1989) + "\r\n";

        assertThat(client.ask(fits)).isEqualTo("STORED\r\n");
        assertThat(client.ask(doesNot)).isEqualTo("SERVER_ERROR object too large for cache\r\n");
    }
}
