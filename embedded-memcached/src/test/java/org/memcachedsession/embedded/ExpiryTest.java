package org.memcachedsession.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Time passes only on the set clock, so each edge is asked just before and at the very second. */
class ExpiryTest {

    private static final Duration THIRTY_DAYS = Duration.ofDays(30);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SetClock clock = new SetClock();
    private EmbeddedMemcached server;
    private Client client;

    @BeforeEach
    void start() throws IOException {
        server = EmbeddedMemcached.builder().clock(clock).start();
        client = new Client(server.address());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    private void set(String expiry) throws IOException {
        assertThat(client.ask("set a 0 " + expiry + " 1\r\nx\r\n")).isEqualTo("STORED\r\n");
    }

    private boolean isThere() throws IOException {
        return client.ask("mg a u\r\n").equals("HD\r\n");
    }

    private String timeToLive() throws IOException {
        return client.ask("mg a t u\r\n").trim();
    }

    @Test
    void anItemIsThereUntilItsLastSecondHasPassed() throws IOException {
        set("10");
        clock.advance(Duration.ofSeconds(9));
        assertThat(timeToLive()).isEqualTo("HD t1");

        clock.advance(Duration.ofMillis(999));
        assertThat(isThere()).isTrue();

        clock.advance(Duration.ofMillis(1));
        assertThat(isThere()).isFalse();
        assertThat(server.stats()).containsEntry("get_expired", "1").containsEntry("bytes", "0");
    }

    @Test
    void zeroNeverExpires() throws IOException {
        set("0");
        clock.advance(Duration.ofDays(365 * 30));

        assertThat(timeToLive()).isEqualTo("HD t-1");
    }

    @Test
    void thirtyDaysCountFromNow() throws IOException {
        set(Long.toString(THIRTY_DAYS.toSeconds()));
        assertThat(timeToLive()).isEqualTo("HD t2592000");

        clock.advance(THIRTY_DAYS.minus(SECOND));
        assertThat(isThere()).isTrue();

        clock.advance(SECOND);
        assertThat(isThere()).isFalse();
    }

    @Test
    void oneSecondMoreThanThirtyDaysIsADateLongAgo() throws IOException {
        set(Long.toString(THIRTY_DAYS.plus(SECOND).toSeconds()));

        assertThat(isThere()).isFalse();
    }

    @Test
    void anUnixTimeIsTheSecondInWhichTheItemEnds() throws IOException {
        set(Long.toString(clock.instant().plus(Duration.ofDays(60)).getEpochSecond()));

        clock.advance(Duration.ofDays(60).minus(SECOND));
        assertThat(timeToLive()).isEqualTo("HD t1");

        clock.advance(SECOND);
        assertThat(isThere()).isFalse();
    }

    @Test
    void anUnixTimeInThePastIsAtOnce() throws IOException {
        clock.advance(Duration.ofHours(1));
        set(Long.toString(clock.instant().minus(Duration.ofMinutes(1)).getEpochSecond()));

        assertThat(isThere()).isFalse();
    }

    @Test
    void touchStartsTheTimeAnewAndKeepsTheCasNumber() throws IOException {
        set("10");
        String before = client.ask("gets a\r\n");
        clock.advance(Duration.ofSeconds(9));
        assertThat(client.ask("touch a 10\r\n")).isEqualTo("TOUCHED\r\n");
        clock.advance(Duration.ofSeconds(9));

        assertThat(client.ask("gats 10 a\r\n")).isEqualTo(before);
        clock.advance(Duration.ofSeconds(9));
        assertThat(client.ask("mg a T10 t\r\n")).isEqualTo("HD t10\r\n");
        clock.advance(Duration.ofSeconds(10));
        assertThat(client.ask("touch a 10\r\n")).isEqualTo("NOT_FOUND\r\n");
    }

    @Test
    void anExpiredItemIsNotThereForAnyStore() throws IOException {
        set("1");
        clock.advance(SECOND);

        assertThat(client.ask("replace a 0 0 1\r\ny\r\n")).isEqualTo("NOT_STORED\r\n");
        assertThat(client.ask("append a 0 0 1\r\ny\r\n")).isEqualTo("NOT_STORED\r\n");
        assertThat(client.ask("cas a 0 0 1 1\r\ny\r\n")).isEqualTo("NOT_FOUND\r\n");
        assertThat(client.ask("incr a 1\r\n")).isEqualTo("NOT_FOUND\r\n");
        assertThat(client.ask("md a\r\n")).isEqualTo("NF\r\n");
        assertThat(client.ask("add a 0 0 1\r\ny\r\n")).isEqualTo("STORED\r\n");
    }

    @Test
    void anItemMarkedStaleLivesAsLongAsItIsGiven() throws IOException {
        set("0");
        client.ask("md a I T30\r\n");
        clock.advance(Duration.ofSeconds(29));
        assertThat(client.ask("mg a t u\r\n")).isEqualTo("HD t1 X W\r\n");

        clock.advance(SECOND);
        assertThat(isThere()).isFalse();
    }

    @Test
    void aClientWinsWhenLessThanRIsLeft() throws IOException {
        set("100");
        clock.advance(Duration.ofSeconds(70));
        assertThat(client.ask("mg a R30\r\n")).isEqualTo("HD\r\n");

        clock.advance(SECOND);
        assertThat(client.ask("mg a R30\r\n")).isEqualTo("HD W\r\n");
        assertThat(client.ask("mg a R30\r\n")).isEqualTo("HD Z\r\n");
    }

    @Test
    void theTimeSinceTheLastAccessIsTold() throws IOException {
        set("0");
        clock.advance(Duration.ofSeconds(7));

        assertThat(client.ask("mg a l u\r\n")).isEqualTo("HD l7\r\n");
        assertThat(client.ask("mg a l\r\n")).isEqualTo("HD l7\r\n");
        assertThat(client.ask("mg a l\r\n")).isEqualTo("HD l0\r\n");
    }

    @Test
    void aDelayedFlushTakesWhatIsThereWhenItsTimeHasCome() throws IOException {
        set("0");
        client.ask("flush_all 60\r\n");
        client.ask("set later 0 0 1\r\ny\r\n");
        clock.advance(Duration.ofSeconds(58));
        assertThat(client.ask("mg a u\r\nmg later u\r\n")).isEqualTo("HD\r\nHD\r\n");

        clock.advance(Duration.ofSeconds(2));
        assertThat(client.ask("mg a\r\nmg later\r\n")).isEqualTo("EN\r\nEN\r\n");
        set("0");
        assertThat(isThere()).isTrue();
    }

    @Test
    void aFlushReplacesOneThatWasStillToCome() throws IOException {
        client.ask("flush_all 60\r\nflush_all\r\n");
        set("0");
        clock.advance(Duration.ofMinutes(2));

        assertThat(isThere()).isTrue();
    }
}
