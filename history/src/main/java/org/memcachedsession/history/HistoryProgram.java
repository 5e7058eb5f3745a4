package org.memcachedsession.history;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The history checker by hand.
 *
 * <pre>
 * java -jar history.jar run PT1H http://127.0.0.1:8080/history/ http://127.0.0.1:8081/history/
 * java -jar history.jar check target/history-3.txt
 * </pre>
 */
public final class HistoryProgram {

    private static final String USAGE =
            """
            run DURATION URL...   runs browsers against nodes, e.g. PT10M http://127.0.0.1:8080/history/
            check FILE            checks a history that was written before
            """;

    private static final int ANOMALIES = 1;
    private static final int WRONG_USE = 2;

    /** So that no history outgrows the memory, and what is found is soon told. */
    private static final Duration ROUND = Duration.ofMinutes(1);

    private HistoryProgram() {}

    /** Ends with 1 if there was an anomaly. */
    public static void main(String[] args) throws InterruptedException {
        int status = run(args);
        if (status != 0) {
            System.exit(status);
        }
    }

    static int run(String... args) throws InterruptedException {
        List<String> words = Arrays.asList(args);
        if (words.size() == 2 && words.get(0).equals("check")) {
            return say(Checker.check(HistoryFormat.read(Path.of(words.get(1)))));
        }
        if (words.size() >= 3 && words.get(0).equals("run")) {
            List<URI> nodes = words.subList(2, words.size()).stream().map(URI::create).toList();
            return runRounds(Duration.parse(words.get(1)), nodes, System.nanoTime());
        }
        System.out.print(USAGE);
        return WRONG_USE;
    }

    private static int runRounds(Duration duration, List<URI> nodes, long seed)
            throws InterruptedException {
        int status = 0;
        Duration left = duration;
        for (int round = 1; left.compareTo(Duration.ZERO) > 0; round++) {
            Duration now = left.compareTo(ROUND) < 0 ? left : ROUND;
            Path file = Path.of("target", "history-" + round + ".txt");
            Plan plan = Plan.of(nodes, seed + round);
            System.out.printf("%s left, round %d: ", left, round);
            status = Math.max(status, say(checkRun(plan, now, file)));
            left = left.minus(now);
        }
        return status;
    }

    /**
     * Runs a plan and checks what came of it.
     *
     * @param file where the history is written if it is wrong
     */
    public static Report checkRun(Plan plan, Duration duration, Path file)
            throws InterruptedException {
        History history = new Driver(plan).run(duration);
        Report report = Checker.check(history);
        if (!report.anomalies().isEmpty()) {
            HistoryFormat.write(file, history, report);
            System.out.println("The history is in " + file.toAbsolutePath());
        }
        return report;
    }

    private static int say(Report report) {
        System.out.println(report);
        return report.anomalies().isEmpty() ? 0 : ANOMALIES;
    }
}
