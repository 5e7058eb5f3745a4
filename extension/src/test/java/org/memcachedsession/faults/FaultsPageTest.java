package org.memcachedsession.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** No figure of the page was written by hand. */
class FaultsPageTest {

    @Test
    void thePageIsWhatTheFileMakes() throws Exception {
        assertThat(Files.readString(FaultsPage.DOCS.resolve("faults.md")))
                .isEqualTo(FaultsPage.page(FaultsPage.DOCS));
    }
}
