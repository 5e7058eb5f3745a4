package org.memcachedsession.benchmarks.requests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Makes the page and the plot of a file of figures. */
final class PerformancePage {

    private static final int ITEMS_OF_PLOT = 43;
    private static final String TEMPLATE = "performance.md";

    private PerformancePage() {}

    /** Reads {@code performance.csv} in a directory, and writes page and plot beside it. */
    static void write(Path documents) {
        LegFile file = LegFile.read(documents.resolve("performance.csv"));
        Figures figures = new Figures(file.legs());
        try {
            Files.writeString(
                    documents.resolve("performance.md"), page(file.circumstances(), figures));
            List<SessionSize> sizes = figures.sizes();
            SessionSize shown =
                    sizes.stream()
                            .filter(size -> size.items() == ITEMS_OF_PLOT)
                            .findFirst()
                            .orElse(sizes.get(0));
            Files.writeString(
                    documents.resolve("performance.svg"), PerformancePlot.of(figures, shown));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String page(Map<String, String> circumstances, Figures figures) {
        PerformanceTables tables = new PerformanceTables(figures);
        return filled(
                template(TEMPLATE),
                Map.of(
                        "circumstances",
                        list(circumstances),
                        "errors",
                        String.valueOf(figures.errors()),
                        "goals",
                        tables.goals(),
                        "modes",
                        PerformanceTables.modes(),
                        "processor times",
                        tables.processorTimes(),
                        "commands",
                        tables.commands(),
                        "latencies",
                        tables.latencies(),
                        "rates",
                        tables.rates()));
    }

    static String list(Map<String, String> circumstances) {
        return circumstances.entrySet().stream()
                .map(each -> "* %s: %s%n".formatted(each.getKey(), each.getValue()))
                .collect(joining());
    }

    /** Puts texts in the place of their names in double braces. */
    static String filled(String template, Map<String, String> texts) {
        String page = template;
        for (Map.Entry<String, String> text : texts.entrySet()) {
            String place = "{{" + text.getKey() + "}}";
            if (!page.contains(place)) {
                throw new MeasurementException("the page has no place for " + text.getKey());
            }
            page = page.replace(place, text.getValue().strip());
        }
        return page;
    }

    /** The text of a page, with places for what is generated. */
    static String template(String name) {
        try (InputStream in = PerformancePage.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
