package org.memcachedsession.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What nobody thought of writing down as a scenario. */
class RandomConversationsTest {

    private static final long FIRST_SEED = 20_261_122;
    private static final int CONVERSATIONS = 2_000;

    @Test
    void bothServersAnswerRandomCommandsTheSame() {
        try (RealMemcached real = RealMemcached.start();
                EmbeddedMemcached embedded = EmbeddedMemcached.start()) {
            for (long seed = FIRST_SEED; seed < FIRST_SEED + CONVERSATIONS; seed++) {
                Scenario scenario = RandomConversation.of(seed);

                assertThat(scenario.playAgainst(embedded.address()))
                        .as("conversation with seed %d", seed)
                        .isEqualTo(scenario.playAgainst(real.address()));
            }
        }
    }
}
