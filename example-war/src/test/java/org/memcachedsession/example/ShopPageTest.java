package org.memcachedsession.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memcachedsession.SessionOrigin;

class ShopPageTest {

    @ParameterizedTest
    @EnumSource
    void thePageHasWordsForEverySessionOrigin(SessionOrigin origin) throws IOException {
        assertThat(Files.readString(Path.of("src", "main", "webapp", "shop.js")))
                .contains("  " + origin + ": \"");
    }
}
