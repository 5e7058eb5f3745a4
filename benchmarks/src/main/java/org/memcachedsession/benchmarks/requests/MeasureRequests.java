package org.memcachedsession.benchmarks.requests;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.memcachedsession.benchmarks.requests.Figures.Case;
import org.memcachedsession.benchmarks.requests.Measurement.Turn;
import org.memcachedsession.benchmarks.requests.Plan.Candidate;
import org.memcachedsession.nodes.NodeException;

/**
 * Measures what sessions cost per request, by {@code mvn -Pmeasure}. The system property {@code measure}
 * says what: {@code requests} (the default; {@link Plan} has its options), {@code growth}, how the cost grows with what there is
 * more of, or {@code page}, which measures nothing and makes the pages and the plot once more from the files that are there.
 */
public final class MeasureRequests {

    private static final int PLACED = 20_000;
    private static final int REST_OF_WARM_UP = 10;

    private final Plan plan;
    private final Machine machine;
    private final Path documents;
    private final Map<String, String> circumstances;
    private final List<Leg> legs = new ArrayList<>();
    private final Map<String, RuntimeException> failures = new LinkedHashMap<>();

    private MeasureRequests(
            Plan plan, Machine machine, Path documents, Map<String, String> circumstances) {
        this.plan = plan;
        this.machine = machine;
        this.documents = documents;
        this.circumstances = circumstances;
    }

    /**
     * @param args payara-micro.jar, the home of WildFly, a directory for working files, the one for
     *     the figures, and the versions of what is measured
     */
    public static void main(String[] args) {
        Machine machine = new Machine(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]));
        Path documents = Path.of(args[3]).toAbsolutePath().normalize();
        String what = System.getProperty("measure", "requests");
        switch (what) {
            case "requests" -> of(args[4], machine, documents).measure();
            case "growth" -> of(args[4], machine, documents).measureGrowth();
            case "page" -> {
                PerformancePage.write(documents);
                if (Files.exists(documents.resolve(GrowthPage.LEGS))) {
                    GrowthPage.write(documents);
                }
            }
            default ->
                    throw new MeasurementException(
                            "measure is \"%s\". It can be requests, growth or page."
                                    .formatted(what));
        }
    }

    private static MeasureRequests of(String versions, Machine machine, Path documents) {
        Map<String, String> circumstances =
                Circumstances.now(
                        versions, System.getProperties(), machine.directory().getParent());
        return new MeasureRequests(
                Plan.of(System.getProperties()), machine, documents, circumstances);
    }

    private void measureGrowth() {
        new Growth(
                        plan,
                        machine,
                        measured -> {
                            legs.addAll(measured);
                            new LegFile(circumstances, legs)
                                    .write(documents.resolve(GrowthPage.LEGS));
                            say("%s, %s", measured.get(0).mode(), measured.get(0).variant());
                        })
                .measure();
        List<Placement> placements = new ArrayList<>();
        for (int servers : List.of(1, 3, 16)) {
            placements.add(Placement.of(servers, PLACED));
        }
        Placement.write(placements, documents.resolve(GrowthPage.PLACEMENTS));
        GrowthPage.write(documents);
        requireSuccess();
    }

    /** What fails is told in the end; the figures of the others are in the file. */
    private void measure() {
        for (int items : plan.items()) {
            legs.addAll(SealingCost.legs(items, plan.repetitions()));
        }
        List<List<Candidate>> all = plan.candidates();
        for (int i = 0; i < all.size(); i++) {
            List<Candidate> candidates = all.get(i);
            say("%d of %d", i + 1, all.size());
            try {
                List<Leg> measured = measure(candidates);
                legs.addAll(measured);
                tell(candidates, measured);
            } catch (MeasurementException | NodeException | UncheckedIOException e) {
                // hours of others' figures are not to be lost for it
                String name =
                        candidates.stream()
                                .map(each -> each.server().id() + " " + each.mode().id())
                                .distinct()
                                .collect(Collectors.joining(" and "));
                failures.put(name, e);
                circumstances.put("not measured", String.join(", ", failures.keySet()));
                say("    failed: %s", e);
            }
            new LegFile(circumstances, legs).write(documents.resolve("performance.csv"));
        }
        PerformancePage.write(documents);
        say("Figures, page and plot: %s", documents.resolve("performance.*"));
        requireSuccess();
    }

    /**
     * @throws MeasurementException something failed, or the figures are those of wrong answers
     */
    private void requireSuccess() {
        if (!failures.isEmpty()) {
            MeasurementException failure =
                    new MeasurementException("not all could be measured: " + failures);
            failures.values().forEach(failure::addSuppressed);
            throw failure;
        }
        long errors = legs.stream().mapToLong(Leg::errors).sum();
        if (errors > 0) {
            throw new MeasurementException(
                    errors + " answers were wrong: see the column errors of the figures");
        }
    }

    private List<Leg> measure(List<Candidate> candidates) {
        List<Leg> measured = new ArrayList<>();
        for (int fork = 0; fork < plan.forksOf(candidates); fork++) {
            measured.addAll(measure(candidates, fork * plan.repetitions()));
        }
        return measured;
    }

    /**
     * All sizes of sessions, on servers started for it.
     *
     * @param before repetitions on others
     */
    private List<Leg> measure(List<Candidate> candidates, int before) {
        Map<Mode, Stand> stands = new EnumMap<>(Mode.class);
        try {
            for (Candidate each : candidates) {
                stands.computeIfAbsent(
                        each.mode(),
                        mode -> Stand.start(each.server(), mode, plan.settings(), machine));
            }
            List<Leg> measured = new ArrayList<>();
            int warmUp = plan.warmUp();
            for (int items : plan.items()) {
                List<Turn> turns = turns(candidates, stands, items);
                measured.addAll(Measurement.inTurns(turns, warmUp, before, plan.repetitions()));
                warmUp = Math.max(1, plan.warmUp() / REST_OF_WARM_UP);
            }
            return measured;
        } finally {
            stands.values().forEach(Stand::close);
        }
    }

    private List<Turn> turns(List<Candidate> candidates, Map<Mode, Stand> stands, int items) {
        Map<Mode, Measurement> begun = new EnumMap<>(Mode.class);
        for (Candidate each : candidates) {
            begun.computeIfAbsent(
                    each.mode(),
                    mode ->
                            new Measurement(
                                    stands.get(mode),
                                    each.server(),
                                    mode,
                                    "",
                                    plan,
                                    List.of(RequestPath.values()),
                                    items));
        }
        return candidates.stream()
                .map(each -> new Turn(begun.get(each.mode()), each.pass()))
                .toList();
    }

    private static void tell(List<Candidate> candidates, List<Leg> measured) {
        for (Candidate each : candidates) {
            List<Leg> own =
                    measured.stream()
                            .filter(leg -> leg.mode().equals(each.mode().id()))
                            .filter(leg -> leg.pass() == each.pass())
                            .toList();
            say("  %s, %s", each.server().title(), each.mode().title());
            tell(each, new Figures(own));
        }
    }

    private static void tell(Candidate candidate, Figures figures) {
        for (SessionSize size : figures.sizes()) {
            Case of = new Case(candidate.server(), candidate.mode(), size.items());
            StringBuilder line = new StringBuilder();
            for (RequestPath path : RequestPath.WITH_COOKIE) {
                line.append(
                        String.format(
                                Locale.ROOT,
                                "  %s %s + %s",
                                path.id(),
                                micros(figures.addedOnServer(of, path)),
                                micros(figures.addedInStore(of, path))));
            }
            say(
                    "    %,d bytes: bare %s µs; added %s; wrong answers %d",
                    size.bytes(), micros(figures.bare(of)), line, figures.errors());
        }
    }

    private static String micros(OptionalDouble figure) {
        return MarkdownTable.cell(figure, "%.0f");
    }

    /** To people, so not through a logger. */
    private static void say(String format, Object... arguments) {
        System.out.printf(Locale.ROOT, format + "%n", arguments);
    }
}
