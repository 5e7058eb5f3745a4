package org.memcachedsession.benchmarks.requests;

import static org.memcachedsession.benchmarks.requests.MarkdownTable.cell;
import static org.memcachedsession.benchmarks.requests.RequestPath.BARE;
import static org.memcachedsession.benchmarks.requests.RequestPath.MIX;
import static org.memcachedsession.benchmarks.requests.RequestPath.PLAIN;
import static org.memcachedsession.benchmarks.requests.RequestPath.READ;
import static org.memcachedsession.benchmarks.requests.RequestPath.WRITE;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.memcachedsession.benchmarks.requests.Figures.Case;

/** The figures as tables. */
final class PerformanceTables {

    private static final int ITEMS_OF_LATENCY = 43;

    private final Figures figures;

    PerformanceTables(Figures figures) {
        this.figures = figures;
    }

    /** Goals, and what has come of them. */
    String goals() {
        MarkdownTable table = new MarkdownTable("goal", "must", "aim", "measured", "");
        for (Goal goal : Goals.of(figures)) {
            table.add(
                    goal.name(),
                    (goal.exactly() ? "= " : "≤ ") + number(goal.must()),
                    goal.exactly() ? "" : "≤ " + number(goal.aim()),
                    goal.measured(),
                    goal.verdict());
        }
        return table.text();
    }

    /** Processor time per request, a table for each server and size. */
    String processorTimes() {
        StringBuilder text = new StringBuilder();
        for (ServerKind server : ServerKind.values()) {
            for (SessionSize size : figures.sizes()) {
                List<Case> cases = cases(server, size.items());
                if (!cases.isEmpty()) {
                    text.append(
                            "### %s, sessions of %,d bytes%n%n%s%n"
                                    .formatted(
                                            server.title(), size.bytes(), processorTimes(cases)));
                }
            }
        }
        return text.toString();
    }

    private String processorTimes(List<Case> cases) {
        MarkdownTable table =
                new MarkdownTable(
                        "mode",
                        "bare",
                        "plain",
                        "read",
                        "mix",
                        "write",
                        "read, times floor",
                        "mix, times",
                        "write, times",
                        "mix, least to most");
        for (Case each : cases) {
            table.add(
                    "`" + each.mode().id() + "`",
                    cell(figures.bare(each), "%.0f"),
                    addedCell(each, PLAIN),
                    addedCell(each, READ),
                    addedCell(each, MIX),
                    addedCell(each, WRITE),
                    cell(figures.timesFloor(each, READ), "%.2f"),
                    cell(figures.timesFloor(each, MIX), "%.2f"),
                    cell(figures.timesFloor(each, WRITE), "%.2f"),
                    spreadCell(figures.spread(each, MIX)));
        }
        return table.text();
    }

    /** Where there is a store, its part apart. */
    private String addedCell(Case of, RequestPath path) {
        String server = cell(figures.addedOnServer(of, path), "%.0f");
        Mode.Keeper keeper = of.mode().keeper();
        boolean stores = keeper == Mode.Keeper.MEMCACHED || keeper == Mode.Keeper.CLUSTER;
        return stores && figures.added(of, path).isPresent()
                ? server + " + " + cell(figures.addedInStore(of, path), "%.0f")
                : server;
    }

    private static String spreadCell(List<Double> spread) {
        return spread.isEmpty()
                ? "–"
                : String.format(
                        Locale.ROOT, "%.0f to %.0f", spread.get(0), spread.get(spread.size() - 1));
    }

    /** What memcached is asked. */
    String commands() {
        MarkdownTable table =
                new MarkdownTable(
                        "server, mode, bytes of session",
                        "commands: plain",
                        "read",
                        "write",
                        "bytes to memcached: read",
                        "write");
        allCases()
                .filter(each -> each.mode().keeper() == Mode.Keeper.MEMCACHED)
                .forEach(
                        each ->
                                table.add(
                                        name(each),
                                        cell(figures.commands(each, PLAIN), "%.3f"),
                                        cell(figures.commands(each, READ), "%.3f"),
                                        cell(figures.commands(each, WRITE), "%.3f"),
                                        cell(figures.bytesToStore(each, READ), "%.0f"),
                                        cell(figures.bytesToStore(each, WRITE), "%.0f")));
        return table.text();
    }

    /** How long one waits alone. */
    String latencies() {
        MarkdownTable table =
                new MarkdownTable(
                        "server, mode, bytes of session",
                        "bare, µs",
                        "read, µs",
                        "added, µs",
                        "times floor");
        allCases()
                .filter(each -> each.items() == ITEMS_OF_LATENCY)
                .forEach(
                        each ->
                                table.add(
                                        name(each),
                                        cell(figures.latency(each, BARE), "%.0f"),
                                        cell(figures.latency(each, READ), "%.0f"),
                                        cell(figures.addedLatency(each), "%.0f"),
                                        cell(timesFloorsLatency(each), "%.2f")));
        return table.text();
    }

    private OptionalDouble timesFloorsLatency(Case of) {
        return Figures.quotient(
                figures.addedLatency(of), figures.addedLatency(of.with(Mode.FLOOR_JDK)));
    }

    /** How many requests the machine can serve. */
    String rates() {
        MarkdownTable table =
                new MarkdownTable(
                        "server, mode, bytes of session", "bare", "plain", "read", "mix", "write");
        allCases()
                .forEach(
                        each ->
                                table.add(
                                        name(each),
                                        cell(figures.requestsPerSecond(each, BARE), "%.0f"),
                                        cell(figures.requestsPerSecond(each, PLAIN), "%.0f"),
                                        cell(figures.requestsPerSecond(each, READ), "%.0f"),
                                        cell(figures.requestsPerSecond(each, MIX), "%.0f"),
                                        cell(figures.requestsPerSecond(each, WRITE), "%.0f")));
        return table.text();
    }

    /** What the modes are. */
    static String modes() {
        StringBuilder text = new StringBuilder();
        for (Mode mode : Mode.compared()) {
            text.append("* `%s`: %s%n".formatted(mode.id(), mode.title()));
        }
        return text.toString();
    }

    private String name(Case of) {
        return figures.sizes().stream()
                .filter(size -> size.items() == of.items())
                .map(
                        size ->
                                "%s, `%s`, %,d"
                                        .formatted(
                                                of.server().title(), of.mode().id(), size.bytes()))
                .findFirst()
                .orElseThrow();
    }

    private Stream<Case> allCases() {
        return Stream.of(ServerKind.values())
                .flatMap(
                        server ->
                                figures.sizes().stream()
                                        .flatMap(size -> cases(server, size.items()).stream()));
    }

    /** Those that were measured. */
    private List<Case> cases(ServerKind server, int items) {
        return Stream.of(Mode.values())
                .map(mode -> new Case(server, mode, items))
                .filter(each -> figures.bare(each).isPresent())
                .toList();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value).replaceFirst("\\.?0+$", "");
    }
}
