package org.memcachedsession.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConcurrentClientsTest {

    private static final int CLIENTS = 8;
    private static final int ROUNDS = 300;

    private final EmbeddedMemcached server = EmbeddedMemcached.start();
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final CyclicBarrier together = new CyclicBarrier(CLIENTS);

    @AfterEach
    void stop() {
        threads.shutdownNow();
        server.close();
    }

    /** What one client does; returns how often it succeeded. */
    private interface Work {
        int with(Client client, int number) throws IOException;
    }

    private int allAtOnce(Work work) throws Exception {
        List<Callable<Integer>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            clients.add(
                    () -> {
                        try (Client client = new Client(server.address())) {
                            together.await();
                            return work.with(client, number);
                        }
                    });
        }
        int successes = 0;
        for (Future<Integer> client : threads.invokeAll(clients)) {
            successes += client.get();
        }
        return successes;
    }

    private String ask(String request) throws IOException {
        try (Client client = new Client(server.address())) {
            return client.ask(request);
        }
    }

    @Test
    void noIncrementIsLost() throws Exception {
        ask("set n 0 0 1\r\n0\r\n");
        allAtOnce(
                (client, number) -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        client.ask(round % 2 == 0 ? "incr n 1\r\n" : "ma n\r\n");
                    }
                    return 0;
                });

        assertThat(ask("get n\r\n"))
                .isEqualTo("VALUE n 0 4\r\n" + CLIENTS * ROUNDS + "\r\nEND\r\n");
    }

    @Test
    void oneClientWinsEachCompareAndSwap() throws Exception {
        ask("set n 0 0 1\r\n0\r\n");
        int stored =
                allAtOnce(
                        (client, number) -> {
                            int successes = 0;
                            for (int round = 0; round < ROUNDS; round++) {
                                String found = client.ask("mg n c v\r\n");
                                String cas =
                                        found.substring(found.indexOf('c'), found.indexOf('\r'));
                                String value = found.substring(found.indexOf('\n') + 1).trim();
                                String next = Integer.toString(Integer.parseInt(value) + 1);
                                String answer =
                                        client.ask(
                                                "ms n "
                                                        + next.length()
                                                        + " C"
                                                        + cas.substring(1)
                                                        + "\r\n"
                                                        + next
                                                        + "\r\n");
                                successes += answer.equals("HD\r\n") ? 1 : 0;
                            }
                            return successes;
                        });

        assertThat(stored).isPositive();
        assertThat(ask("mg n v\r\n")).endsWith("\r\n" + stored + "\r\n");
    }

    @Test
    void oneClientWinsAnAdd() throws Exception {
        int stored =
                allAtOnce(
                        (client, number) -> {
                            int successes = 0;
                            for (int round = 0; round < ROUNDS; round++) {
                                String answer =
                                        client.ask(
                                                "add k" + round + " 0 0 1\r\n" + number + "\r\n");
                                successes += answer.equals("STORED\r\n") ? 1 : 0;
                            }
                            return successes;
                        });

        assertThat(stored).isEqualTo(ROUNDS);
    }

    @Test
    void nobodyReadsHalfAValue() throws Exception {
        ask("set v 0 0 0\r\n\r\n");
        int torn =
                allAtOnce(
                        (client, number) -> {
                            int found = 0;
                            String value = Integer.toString(number).repeat(500 + 100 * number);
                            for (int round = 0; round < ROUNDS; round++) {
                                client.ask("set v 0 0 " + value.length() + "\r\n" + value + "\r\n");
                                String read = client.ask("mg v v s\r\n");
                                found += isWhole(read) ? 0 : 1;
                            }
                            return found;
                        });

        assertThat(torn).isZero();
    }

    private static boolean isWhole(String answer) {
        String value = answer.substring(answer.indexOf('\n') + 1).trim();
        int length = 500 + 100 * (value.charAt(0) - '0');
        return value.equals(value.substring(0, 1).repeat(length))
                && answer.startsWith("VA " + length + " s" + length + "\r\n");
    }
}
