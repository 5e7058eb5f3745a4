package org.memcachedsession.faults;

import org.junit.jupiter.api.Test;

/** Where each session is on two servers. */
class CopiesUnderFaultTest extends ServersUnderFault {

    private static final int COPIES = 2;

    CopiesUnderFaultTest() {
        super(COPIES);
    }

    /** The one that was out of reach has what was true before. Whoever cannot know better gets 503. */
    @Test
    void aServerThatWasOutOfReachShowsNothingOldWhenTheOneThatKnewBetterDies() throws Exception {
        try (Bench bench =
                Bench.atRest("link down while all change; up; the survivors die", COPIES)) {
            bench.fault(bench::hold, 0);
            bench.browsers().change();
            bench.heal(bench::release);
            bench.fault(bench::kill, 1, 2);
            bench.awaitSteady(0);

            bench.end();
        }
    }
}
