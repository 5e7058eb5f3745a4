package org.memcachedsession;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProblemsDocumentationTest {

    /** In a text; or given to {@code Mistakes.add}, which puts the letters in front. */
    private static final Pattern SAID =
            Pattern.compile("\"MSS-(\\d+) |(?<![.\\w])add\\(\\s*(\\d+),");

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| MSS-(\\d+) \\| [^|]+ \\| [^|]+ \\|$");

    @Test
    void thePageHasEveryNumberThatIsSaidAndNoOther() throws IOException {
        List<Integer> said;
        try (Stream<Path> sources = Files.walk(Path.of("src", "main", "java"))) {
            said =
                    sources.filter(path -> path.toString().endsWith(".java"))
                            .flatMap(path -> numbers(SAID, path))
                            .toList();
        }
        Path page = Path.of("..", "docs", "problems.md");

        assertThat(said).hasSizeGreaterThan(60).doesNotHaveDuplicates();
        assertThat(numbers(ROW, page)).containsExactlyInAnyOrderElementsOf(said);
    }

    private static Stream<Integer> numbers(Pattern pattern, Path file) {
        try {
            return pattern.matcher(Files.readString(file))
                    .results()
                    .map(found -> found.group(1) != null ? found.group(1) : found.group(2))
                    .map(Integer::valueOf);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
