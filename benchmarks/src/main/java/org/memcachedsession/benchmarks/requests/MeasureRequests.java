package org.memcachedsession.benchmarks.requests;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.memcachedsession.benchmarks.requests.Figures.Case;
import org.memcachedsession.nodes.NodeException;

/**
 * Measures what sessions cost per request, by {@code mvn -Pmeasure}. The system property {@code measure}
 * says what: {@code requests} (the default; {@link Plan} has its options), {@code growth}, how the cost grows with what there is
 * more of, or {@code page}, which measures nothing and makes the pages and the plot once more from the files that are there.
 */
public final class MeasureRequests {

    private static final int PLACED = 20_000;

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
        List<Plan.Candidate> candidates = plan.candidates();
        for (int i = 0; i < candidates.size(); i++) {
            Plan.Candidate candidate = candidates.get(i);
            say(
                    "%d of %d: %s, %s",
                    i + 1, candidates.size(), candidate.server().title(), candidate.mode().title());
            try {
                List<Leg> measured = measure(candidate);
                legs.addAll(measured);
                tell(candidate, new Figures(measured));
            } catch (MeasurementException | NodeException | UncheckedIOException e) {
                // hours of others' figures are not to be lost for it
                String name = candidate.server().id() + " " + candidate.mode().id();
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

    private List<Leg> measure(Plan.Candidate candidate) {
        try (Stand stand =
                Stand.start(candidate.server(), candidate.mode(), plan.settings(), machine)) {
            return new Measurement(
                            stand, candidate.server(), candidate.mode(), "", candidate.pass(), plan)
                    .legs();
        }
    }

    private static void tell(Plan.Candidate candidate, Figures figures) {
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
