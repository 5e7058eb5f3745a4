package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImmutablesTest {

    private final Immutables immutables = new Immutables();

    record Money(BigDecimal amount, String currency) {}

    record Values(int number, Long boxed, Money money, TimeUnit unit, Duration time) {}

    record Chain(String name, Chain next, ZonedDateTime since) {}

    record Nothing() {}

    @ParameterizedTest
    @ValueSource(classes = {Money.class, Values.class, Chain.class, Nothing.class})
    void aRecordOfValuesNeverChanges(Class<?> type) {
        assertThat(immutables.isImmutable(type)).isTrue();
        assertThat(immutables.isImmutable(type)).isTrue();
    }

    record Array(int[] numbers) {}

    record Names(List<String> names) {}

    record Anything(Object thing) {}

    record Deep(String name, Names names) {}

    record Counter(AtomicLong count) {}

    record Day(Date day) {}

    record Timed(Clock clock) {}

    record InZone(ZoneId zone) {}

    record Generic<T extends Serializable>(T part) {}

    record Loop(Names names, Loop next) {}

    @ParameterizedTest
    @ValueSource(
            classes = {
                Array.class,
                Names.class,
                Anything.class,
                Deep.class,
                Counter.class,
                Day.class,
                Timed.class,
                InZone.class,
                Generic.class,
                Loop.class,
                String.class, // no record, so no bean of ours is one
                Object.class
            })
    void whatMayHoldSomethingElseMayChange(Class<?> type) {
        assertThat(immutables.isImmutable(type)).isFalse();
    }
}
