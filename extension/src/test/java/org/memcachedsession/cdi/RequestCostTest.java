package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.enterprise.inject.Produces;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.memcachedsession.Allocation;
import org.memcachedsession.AllowSerialized;
import org.memcachedsession.CountedItems;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.embedded.EmbeddedMemcached;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.store.TestStores;

/**
 * What a request costs, in things that can be counted: commands to memcached, bytes on the wire, beans that are
 * written and read, memory. A figure that has grown is a decision that somebody has to make, and note here.
 */
class RequestCostTest {

    private static final int WARM_UP = 2_000;

    /** The one counts in which the least is allocated: until the compiler has come round to it, it is more. */
    private static final int ROUNDS = 10;

    private static final int REQUESTS = 100;

    private final EmbeddedMemcached memcached =
            EmbeddedMemcached.builder().skipUnchanged(true).start();
    private final SessionStore store = TestStores.on(memcached.port());
    private final TestNode node =
            TestNode.withoutFory(store, Clock.systemUTC())
                    .beans(Cart.class, Plain.class, Wishes.class, Preferences.class)
                    .start();
    private final Cart cart = node.bean(Cart.class);
    private final Plain plain = node.bean(Plain.class);
    private final Wishes wishes = node.bean(Wishes.class);
    private final Greeting greeting = node.bean(Greeting.class);
    private final CookieJar browser = new CookieJar();

    @AfterEach
    void stop() {
        node.close();
        store.close();
        memcached.close();
    }

    /**
     * Of one request.
     *
     * @param gets commands that read, or only begin the idle time anew
     * @param sets commands that write
     * @param received bytes that memcached has got
     * @param sent bytes that it has sent
     * @param written beans
     * @param read beans
     * @param allocated bytes, on the thread of the request
     */
    record Cost(
            double gets,
            double sets,
            double received,
            double sent,
            double written,
            double read,
            double allocated) {

        private static Cost now(EmbeddedMemcached memcached) {
            Map<String, String> stats = memcached.stats();
            return new Cost(
                    number(stats, "cmd_get") + number(stats, "cmd_touch"),
                    number(stats, "cmd_set"),
                    number(stats, "bytes_read"),
                    number(stats, "bytes_written"),
                    sum(CountedItems.written()),
                    sum(CountedItems.read()),
                    Allocation.ofThisThread());
        }

        private static double number(Map<String, String> stats, String name) {
            return Double.parseDouble(stats.get(name));
        }

        private static int sum(Map<String, Integer> counts) {
            return counts.values().stream().mapToInt(Integer::intValue).sum();
        }

        private Cost perRequestSince(Cost before) {
            return new Cost(
                    (gets - before.gets) / REQUESTS,
                    (sets - before.sets) / REQUESTS,
                    (received - before.received) / REQUESTS,
                    (sent - before.sent) / REQUESTS,
                    (written - before.written) / REQUESTS,
                    (read - before.read) / REQUESTS,
                    (allocated - before.allocated) / REQUESTS);
        }
    }

    private Cost costOf(Runnable request) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            node.run(browser, request);
        }
        Cost least = null;
        for (int round = 0; round < ROUNDS; round++) {
            Cost before = Cost.now(memcached);
            for (int i = 0; i < REQUESTS; i++) {
                node.run(browser, request);
            }
            Cost cost = Cost.now(memcached).perRequestSince(before);
            least = least == null || cost.allocated < least.allocated ? cost : least;
        }
        return least;
    }

    private void fill(int items) throws Exception {
        node.run(browser, () -> cart.fill("cart", items));
    }

    @Test
    void aRequestThatDoesNotUseItsSessionCostsNoCommand() throws Exception {
        fill(43);

        Cost cost = costOf(() -> {});

        assertThat(cost.gets + cost.sets).isZero();
        assertThat(cost.sent + cost.received).isZero();
        assertThat(cost.written + cost.read).isZero();
        assertThat(cost.allocated).isLessThan(1_400);
    }

    @Test
    void aRequestThatReadsCostsOneCommandAndTheBytesOfTheSession() throws Exception {
        fill(43);

        Cost cost = costOf(cart::size);

        assertThat(cost.gets).isEqualTo(1);
        assertThat(cost.sets).isZero();
        assertThat(cost.received).isLessThan(70);
        assertThat(cost.sent).isLessThan(5_300);
        assertThat(cost.read).isEqualTo(1);
        assertThat(cost.written).isEqualTo(1); // to compare
        assertThat(cost.allocated).isLessThan(125_000);
    }

    @Test
    void aRequestThatWritesCostsTwoCommandsAndTheBytesOfTheSessionTwice() throws Exception {
        fill(43);

        Cost cost = costOf(cart::change);

        assertThat(cost.gets).isEqualTo(1);
        assertThat(cost.sets).isEqualTo(1);
        assertThat(cost.received).isLessThan(5_450);
        assertThat(cost.sent).isLessThan(5_350);
        assertThat(cost.read).isEqualTo(1);
        assertThat(cost.written).isEqualTo(1);
        assertThat(cost.allocated).isLessThan(160_000);
    }

    @Test
    void aBeanThatIsNotUsedIsNeitherReadNorWritten() throws Exception {
        fill(43);
        node.run(browser, () -> wishes.fill("wishes", 43));

        Cost read = costOf(cart::size);
        assertThat(read.read).isEqualTo(1);
        assertThat(read.written).isEqualTo(1);

        Cost written = costOf(cart::change);
        assertThat(written.read).isEqualTo(1);
        assertThat(written.written).isEqualTo(1);
    }

    /** Whoever wrote it would find other bytes and store them, see {@link Readings}. */
    @Test
    void aBeanThatIsKnownFieldByFieldAndOnlyReadIsNotWritten() throws Exception {
        node.run(browser, () -> plain.fill(43));

        Cost cost = costOf(plain::total);

        assertThat(cost.gets).isEqualTo(1);
        assertThat(cost.sets).isZero();
        assertThat(cost.read).isEqualTo(1);
    }

    @Test
    void aBeanThatCannotChangeIsReadAndNotWritten() throws Exception {
        node.run(browser, greeting::text);

        Cost cost = costOf(greeting::text);

        assertThat(cost.gets).isEqualTo(1);
        assertThat(cost.sets).isZero();
        assertThat(cost.read).isEqualTo(1);
    }

    @Test
    void aLargeSessionThatHasNotChangedIsNotSentAgain() throws Exception {
        fill(500);

        Cost cost = costOf(cart::size);

        assertThat(cost.gets).isEqualTo(1);
        assertThat(cost.sent).isLessThan(100);
    }

    /** To look through its stream would take about as much again as to read it. */
    @Test
    void theStreamOfALargeBeanOfManySmallObjectsIsNotLookedThrough() throws Exception {
        node.run(browser, () -> plain.fill(500));

        Cost cost = costOf(plain::change);

        assertThat(cost.sets).isEqualTo(1);
        assertThat(cost.allocated).isLessThan(1_250_000);
    }

    @Test
    void manyCallsInOneRequestCostAsMuchAsOne() throws Exception {
        fill(43);

        Cost cost =
                costOf(
                        () -> {
                            for (int i = 0; i < 50; i++) {
                                cart.change();
                            }
                        });

        assertThat(cost.gets).isEqualTo(1);
        assertThat(cost.sets).isEqualTo(1);
        assertThat(cost.written).isEqualTo(1);
    }

    @MemcachedSessionScoped
    static class Cart extends CountedItems {
        private static final long serialVersionUID = 1L;
    }

    @MemcachedSessionScoped
    static class Wishes extends CountedItems {
        private static final long serialVersionUID = 1L;
    }

    /** Is another one each time that it is read, though nobody changes it. */
    record Readings(int count) implements Serializable {

        Readings {
            count++;
            CountedItems.countRead("readings");
        }
    }

    /** As {@link Cart}, with nothing between its fields and the stream. */
    @MemcachedSessionScoped
    static class Plain implements Serializable {

        private static final long serialVersionUID = 1L;

        private final List<Line> lines = new ArrayList<>();
        private final Readings readings = new Readings(0);

        static class Line implements Serializable {

            private static final long serialVersionUID = 1L;

            private final String name;
            private final BigDecimal price;
            private final Instant since;
            private int amount;

            Line(int number) {
                name = "article number " + number;
                price = BigDecimal.valueOf(1_995 + number, 2);
                since = Instant.ofEpochMilli(1_700_000_000_000L + number);
                amount = number;
            }
        }

        public void fill(int count) {
            for (int i = 0; i < count; i++) {
                lines.add(new Line(i));
            }
        }

        public void change() {
            lines.get(0).amount++;
        }

        public int total() {
            return lines.stream().mapToInt(line -> line.amount).sum();
        }
    }

    interface Greeting {
        String text();
    }

    record Fixed(String text, Readings readings) implements Greeting, Serializable {}

    static class Preferences {
        @Produces
        @MemcachedSessionScoped
        @AllowSerialized(Fixed.class)
        static Greeting greeting() {
            return new Fixed("hello", new Readings(0));
        }
    }
}
