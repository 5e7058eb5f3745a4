package org.memcachedsession.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.cdi.CookieJar;
import org.memcachedsession.cdi.TestNode;
import org.memcachedsession.session.SetClock;
import org.memcachedsession.store.InMemorySessionStore;

/** The clocks of two nodes are five minutes apart: the limits of sessions are wrong by no more than that. */
@Tag("faults")
class ClocksApartTest {

    private static final Duration ABSOLUTE = Duration.ofHours(12);
    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final int MINUTES = 10;

    /** The last time is so near to the absolute end that the idle time does not end before all looks. */
    private static final int TIMES_KEPT_ALIVE = 32;

    private static final Duration KEPT_ALIVE_AFTER = Duration.ofMinutes(22);

    private final SetClock clock = new SetClock();
    private final InMemorySessionStore store = new InMemorySessionStore(clock, 1_000_000);
    private TestNode begins;
    private TestNode looks;
    private int counted;
    private int wrong;

    private void start(int minutesApart) {
        begins = node("clock-right", clock);
        looks = node("clock-wrong", Clock.offset(clock, Duration.ofMinutes(minutesApart)));
    }

    private TestNode node(String name, Clock of) {
        return TestNode.on(store, of).containerId(name).beans(Kept.First.class).start();
    }

    @AfterEach
    void stop() {
        begins.close();
        looks.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {-5, 5})
    void theAbsoluteEndIsWrongByNoMoreThanTheSkew(int minutesApart) throws Exception {
        start(minutesApart);
        for (int late = -MINUTES; late <= MINUTES; late++) {
            CookieJar browser = begin();
            for (int i = 0; i < TIMES_KEPT_ALIVE; i++) {
                clock.advance(KEPT_ALIVE_AFTER);
                begins.run(browser, () -> begins.bean(Kept.First.class).view());
            }
            clock.advance(
                    ABSOLUTE.plusMinutes(late)
                            .minus(KEPT_ALIVE_AFTER.multipliedBy(TIMES_KEPT_ALIVE)));
            count(late, minutesApart, isThere(browser));
        }
        report("absolute end, clocks of nodes %+d min apart: minutes looked at", minutesApart);
    }

    @ParameterizedTest
    @ValueSource(ints = {-5, 5})
    void theIdleEndIsWrongByNoMoreThanTheSkew(int minutesApart) throws Exception {
        start(minutesApart);
        for (int late = -MINUTES; late <= MINUTES; late++) {
            CookieJar browser = begin();
            clock.advance(IDLE.plusMinutes(late));
            count(late, minutesApart, isThere(browser));
        }
        report("idle end, clocks of nodes %+d min apart: minutes looked at", minutesApart);
    }

    private CookieJar begin() throws Exception {
        CookieJar browser = new CookieJar();
        begins.run(browser, () -> begins.bean(Kept.First.class).write("x"));
        return browser;
    }

    private boolean isThere(CookieJar browser) throws Exception {
        return looks.request(
                browser, () -> looks.bean(MemcachedSession.class).origin() == SessionOrigin.LOADED);
    }

    private void count(int late, int minutesApart, boolean isThere) {
        counted++;
        boolean isTooEarly = !isThere && late < -Math.abs(minutesApart);
        boolean isTooLate = isThere && late > Math.abs(minutesApart);
        if (isTooEarly || isTooLate) {
            wrong++;
        }
    }

    private void report(String name, int minutesApart) {
        FaultsPage.add(
                FaultsPage.Table.OTHERS,
                List.of(
                        name.formatted(minutesApart),
                        String.valueOf(counted),
                        String.valueOf(wrong)));
        assertThat(wrong).isZero();
    }
}
