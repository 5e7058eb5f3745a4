package org.memcachedsession.benchmarks.requests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.memcachedsession.benchmarks.requests.MarkdownTable.cell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.memcachedsession.benchmarks.requests.Figures.Case;

/** Makes the page of what grows. */
final class GrowthPage {

    static final String LEGS = "performance-growth.csv";
    static final String PLACEMENTS = "performance-placement.csv";

    private static final String TEMPLATE = "performance-growth.md";

    private GrowthPage() {}

    /** Reads the figures in a directory, and writes the page beside them. */
    static void write(Path documents) {
        LegFile file = LegFile.read(documents.resolve(LEGS));
        List<Placement> placements = Placement.read(documents.resolve(PLACEMENTS));
        try {
            Files.writeString(
                    documents.resolve("performance-growth.md"),
                    page(file.circumstances(), file.legs(), placements),
                    UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String page(
            Map<String, String> circumstances, List<Leg> legs, List<Placement> placements) {
        StringBuilder tables = new StringBuilder();
        for (String kind : Growth.KINDS) {
            tables.append("## ").append(kind.substring(0, 1).toUpperCase(Locale.ROOT));
            tables.append(kind.substring(1)).append("\n\n").append(table(kind, legs)).append('\n');
        }
        return PerformancePage.filled(
                PerformancePage.template(TEMPLATE),
                Map.of(
                        "circumstances",
                        PerformancePage.list(circumstances),
                        "tables",
                        tables.toString(),
                        "placements",
                        table(placements)));
    }

    private static String table(String kind, List<Leg> legs) {
        MarkdownTable table =
                new MarkdownTable(
                        "mode",
                        kind,
                        "bytes",
                        "bare",
                        "read",
                        "write",
                        "commands: read",
                        "write",
                        "requests/s: read",
                        "write",
                        "wrong answers");
        legs.stream()
                .filter(leg -> leg.variant().startsWith(kind + "="))
                .map(leg -> List.of(leg.mode(), leg.variant()))
                .distinct()
                .forEach(step -> table.add(row(step.get(0), step.get(1), legs)));
        return table.text();
    }

    private static String[] row(String mode, String variant, List<Leg> legs) {
        List<Leg> own =
                legs.stream()
                        .filter(leg -> leg.mode().equals(mode) && leg.variant().equals(variant))
                        .toList();
        Figures figures = new Figures(own);
        SessionSize size = figures.sizes().get(0);
        Case of = new Case(ServerKind.PAYARA_MICRO, Mode.of(mode), size.items());
        return new String[] {
            "`" + mode + "`",
            String.format(
                    Locale.ROOT,
                    "%,d",
                    Integer.valueOf(variant.substring(variant.indexOf('=') + 1))),
            String.format(Locale.ROOT, "%,d", size.bytes()),
            cell(figures.bare(of), "%.0f"),
            added(figures, of, RequestPath.READ),
            added(figures, of, RequestPath.WRITE),
            cell(figures.commands(of, RequestPath.READ), "%.3f"),
            cell(figures.commands(of, RequestPath.WRITE), "%.3f"),
            cell(figures.requestsPerSecond(of, RequestPath.READ), "%.0f"),
            cell(figures.requestsPerSecond(of, RequestPath.WRITE), "%.0f"),
            String.valueOf(figures.errors())
        };
    }

    private static String added(Figures figures, Case of, RequestPath path) {
        return figures.added(of, path).isPresent()
                ? cell(figures.addedOnServer(of, path), "%.0f")
                        + " + "
                        + cell(figures.addedInStore(of, path), "%.0f")
                : cell(OptionalDouble.empty(), "");
    }

    private static String table(List<Placement> placements) {
        MarkdownTable table =
                new MarkdownTable(
                        "servers",
                        "items",
                        "fullest, times an equal share",
                        "emptiest, times",
                        "moved when one is added",
                        "least that has to move");
        for (Placement each : placements) {
            table.add(
                    String.valueOf(each.servers()),
                    String.format(Locale.ROOT, "%,d", each.keys()),
                    cell(OptionalDouble.of(each.mostOverEqual()), "%.2f"),
                    cell(OptionalDouble.of(each.leastOverEqual()), "%.2f"),
                    cell(OptionalDouble.of(100 * each.movedShare()), "%.1f %%"),
                    cell(OptionalDouble.of(100.0 / (each.servers() + 1)), "%.1f %%"));
        }
        return table.text();
    }
}
