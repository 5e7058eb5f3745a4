package org.memcachedsession.benchmarks.requests;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.memcachedsession.benchmarks.requests.Figures.Case;

/**
 * The figures as bars, in SVG: what a request costs more than a bare one, at one size of sessions. The darker part of a
 * bar is the server's, the lighter one the store's.
 */
final class PerformancePlot {

    private static final int WIDTH = 860;
    private static final int LEFT = 130;
    private static final int RIGHT = 70;
    private static final int TOP = 46;
    private static final int BAR = 11;
    private static final int GAP = 9;
    private static final int HEADING = 34;

    private static final List<RequestPath> PATHS =
            List.of(RequestPath.PLAIN, RequestPath.READ, RequestPath.MIX, RequestPath.WRITE);
    private static final List<String> COLOURS = List.of("#8a8f98", "#2f6db3", "#3a8f5c", "#b3602f");

    private final Figures figures;
    private final SessionSize size;
    private final StringBuilder shapes = new StringBuilder();
    private final double scale;
    private int y = TOP;

    private PerformancePlot(Figures figures, SessionSize size) {
        this.figures = figures;
        this.size = size;
        double longest =
                Stream.of(ServerKind.values())
                        .flatMap(server -> cases(server).stream())
                        .flatMap(each -> PATHS.stream().map(path -> figures.added(each, path)))
                        .flatMapToDouble(OptionalDouble::stream)
                        .max()
                        .orElse(1);
        this.scale = (WIDTH - LEFT - RIGHT) / Math.max(1, longest);
    }

    /**
     * @param size of the sessions that are shown
     */
    static String of(Figures figures, SessionSize size) {
        return new PerformancePlot(figures, size).draw();
    }

    private String draw() {
        legend();
        for (ServerKind server : ServerKind.values()) {
            List<Case> cases = cases(server);
            if (!cases.isEmpty()) {
                y += HEADING;
                text(10, y - 10, server.title(), "start", " font-weight=\"bold\"");
                cases.forEach(this::bars);
            }
        }
        return """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
        <title>Processor time that a session of %d bytes adds to a request, in microseconds</title>
        <rect width="100%%" height="100%%" fill="#ffffff"/>
        %s</svg>
        """
                .formatted(WIDTH, y + GAP, WIDTH, y + GAP, size.bytes(), shapes);
    }

    private void legend() {
        text(
                10,
                18,
                String.format(
                        Locale.ROOT,
                        "Processor time that a session of %,d bytes adds to a request, µs"
                                + " (dark: server, light: store)",
                        size.bytes()),
                "start",
                " font-weight=\"bold\"");
        for (int i = 0; i < PATHS.size(); i++) {
            int x = LEFT + i * 90;
            bar(x, TOP - 16, 12, COLOURS.get(i), 1);
            text(x + 18, TOP - 6, PATHS.get(i).id(), "start", "");
        }
    }

    private void bars(Case of) {
        text(LEFT - 8, y + 2 * BAR, of.mode().id(), "end", "");
        for (int i = 0; i < PATHS.size(); i++) {
            double server = length(figures.addedOnServer(of, PATHS.get(i)));
            double store = length(figures.addedInStore(of, PATHS.get(i)));
            bar(LEFT, y, server, COLOURS.get(i), 1);
            bar(LEFT + server, y, store, COLOURS.get(i), 0.5);
            text(
                    LEFT + server + store + 5,
                    y + BAR - 1,
                    MarkdownTable.cell(figures.added(of, PATHS.get(i)), "%.0f"),
                    "start",
                    " font-size=\"10\"");
            y += BAR;
        }
        y += GAP;
    }

    /** What noise has made less than nothing is drawn as nothing. */
    private double length(OptionalDouble micros) {
        return Math.max(0, micros.orElse(0)) * scale;
    }

    private void bar(double x, int top, double width, String colour, double opacity) {
        shapes.append(
                String.format(
                        Locale.ROOT,
                        "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\" fill-opacity=\"%.1f\"/>%n",
                        x,
                        top,
                        width,
                        BAR - 1,
                        colour,
                        opacity));
    }

    private void text(double x, int baseline, String text, String anchor, String attributes) {
        shapes.append(
                String.format(
                        Locale.ROOT,
                        "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\"%s>%s</text>%n",
                        x,
                        baseline,
                        anchor,
                        attributes,
                        text.replace("&", "&amp;").replace("<", "&lt;")));
    }

    private List<Case> cases(ServerKind server) {
        return Stream.of(Mode.values())
                .map(mode -> new Case(server, mode, size.items()))
                .filter(each -> figures.bare(each).isPresent())
                .toList();
    }
}
