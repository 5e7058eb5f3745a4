package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TouchesTest {

    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final SecureRandom random = new SecureRandom();
    private final Touches touches = new Touches();

    @Test
    void theSessionThatNobodyHasLookedAtForLongestIsForgotten() {
        List<SessionId> ids =
                Stream.generate(() -> SessionId.random(random)).limit(Touches.REMEMBERED).toList();
        ids.forEach(id -> touches.done(id, BEGIN, IDLE));
        assertThat(touches.due(ids.get(0), BEGIN, IDLE)).isFalse();

        SessionId another = SessionId.random(random);
        touches.done(another, BEGIN, IDLE);

        assertThat(touches.last(another)).contains(BEGIN);
        assertThat(touches.last(ids.get(0))).contains(BEGIN);
        assertThat(touches.last(ids.get(1))).isEmpty();
        assertThat(touches.last(ids.get(2))).contains(BEGIN);
    }

    @Test
    void aSessionIsDueWhenATenthOfItsIdleTimeIsOver() {
        SessionId id = SessionId.random(random);
        touches.done(id, BEGIN, IDLE);

        Instant tenth = BEGIN.plus(IDLE.dividedBy(10));
        assertThat(touches.due(id, tenth.minusMillis(1), IDLE)).isFalse();
        assertThat(touches.due(id, tenth, IDLE)).isTrue();
        assertThat(touches.due(id, tenth, IDLE)).isFalse();
    }

    @Test
    void aClockThatWasSetBackMakesItDue() {
        SessionId id = SessionId.random(random);
        touches.done(id, BEGIN, IDLE);

        assertThat(touches.due(id, BEGIN.minusSeconds(1), IDLE)).isTrue();
    }
}
