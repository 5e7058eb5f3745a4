package org.memcachedsession.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SettingsDocumentationTest {

    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| [^|]+ \\| ([^|]+) \\|.*");

    @Test
    void theTableHasEverySettingAndNoOtherWithItsDefault() throws IOException {
        assertThat(documented()).containsExactlyEntriesOf(inCode());
    }

    private static Map<String, String> inCode() {
        Map<String, String> defaults = new LinkedHashMap<>();
        for (Setting<?> setting : Setting.ALL) {
            defaults.put(
                    setting.shortKey(),
                    setting.defaultText().map(text -> "`" + text + "`").orElse("none"));
        }
        defaults.put(
                "servers",
                "the embedded server if its module is in the application; else required");
        defaults.put("secret", "none; required where a server is not on loopback");
        defaults.put("application", "context path, `/` for the root; required without servlets");
        return defaults;
    }

    private static Map<String, String> documented() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "settings.md"));
        String section =
                page.substring(page.indexOf("## All settings"), page.indexOf("## Sources"));
        Map<String, String> defaults = new LinkedHashMap<>();
        section.lines()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .forEach(row -> defaults.put(row.group(1), row.group(2)));
        return defaults;
    }
}
