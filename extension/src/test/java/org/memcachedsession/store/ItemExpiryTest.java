package org.memcachedsession.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ItemExpiryTest {

    @ParameterizedTest
    @CsvSource({
        "PT0.000000001S, 1",
        "PT1S, 1",
        "PT1.000000001S, 2",
        "PT30M, 1800",
        "P29DT23H59M59S, 2591999",
        "P29DT23H59M59.5S, 2592000",
        "P30D, 2592000"
    })
    void fractionsAreRoundedUp(Duration timeToLive, int seconds) {
        assertThat(ItemExpiry.seconds(timeToLive)).isEqualTo(seconds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"P30DT0.000000001S", "P30DT1S", "P365D", "PT2562047788015215H"})
    void moreThanThirtyDaysIsRefusedSinceMemcachedWouldTakeItForADate(Duration timeToLive) {
        assertThatThrownBy(() -> ItemExpiry.seconds(timeToLive))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 30 days");
    }

    @Test
    void zeroIsRefusedSinceMemcachedWouldKeepTheItemForEver() {
        assertThatThrownBy(() -> ItemExpiry.seconds(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than zero");
    }

    @Test
    void negativeIsRefused() {
        assertThatThrownBy(() -> ItemExpiry.seconds(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than zero");
    }
}
