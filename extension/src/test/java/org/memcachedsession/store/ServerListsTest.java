package org.memcachedsession.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.memcachedsession.SessionSettings.Server;

class ServerListsTest {

    private final List<Server> one = List.of(new Server("10.0.0.1", 11211));
    private final List<Server> two = List.of(new Server("10.0.0.1", 11211, 2));

    /** As docs/format.md has it: nodes of another version have to come to the same. */
    @Test
    void theNumberOfTwoListsIsOfTheirTextsWhicheverIsInForce() {
        int expected = "10.0.0.1:11211".hashCode() + "10.0.0.1:11211:2".hashCode();

        assertThat(new ServerLists(one, two).number()).isEqualTo(expected);
        assertThat(new ServerLists(two, one).number()).isEqualTo(expected);
    }
}
