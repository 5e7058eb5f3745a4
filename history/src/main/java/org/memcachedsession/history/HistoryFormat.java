package org.memcachedsession.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A history as text, a line for each request, so that a failing one can be read, cut down and checked
 * again. Empty lines and lines that begin with {@code #} are for people.
 *
 * <pre>
 * # start, browser, node, kind, cookie sent, tag, beans written, then after -> the answer:
 * # position, session, origin, and bean=tag/echo for what it saw, bean=- for a bean that was not there
 * 100 b3 n1 WRITE 5f3a09 x.100 1 -> 117 5f3a09 LOADED 1=x.40/x.40
 * 101 b3 n2 READ 5f3a09 - - -> ?
 * </pre>
 */
public final class HistoryFormat {

    private static final String LEGEND =
            """
            # start, browser, node, kind, cookie sent, tag, beans written, then after -> the answer:
            # position, session, origin, and bean=tag/echo for what it saw, bean=- for a bean that was not there
            """;

    private static final String NONE = "-";
    private static final String UNANSWERED = "?";
    private static final String ARROW = "->";
    private static final int WORDS_BEFORE_ARROW = 7;

    private HistoryFormat() {}

    static String line(Operation operation) {
        return String.join(
                " ",
                String.valueOf(operation.start()),
                "b" + operation.browser(),
                operation.node(),
                operation.kind().name(),
                operation.sent().orElse(NONE),
                operation.tag().orElse(NONE),
                operation.writes().isEmpty() ? NONE : numbers(operation.writes()),
                ARROW,
                operation
                        .answer()
                        .map(answer -> answer.position() + " " + view(answer))
                        .orElse(UNANSWERED));
    }

    private static String numbers(Set<Integer> beans) {
        return beans.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static String view(Answer answer) {
        StringBuilder text = new StringBuilder(answer.session().orElse(NONE));
        text.append(' ').append(answer.origin());
        answer.beans()
                .forEach(
                        (bean, value) ->
                                text.append(' ')
                                        .append(bean)
                                        .append('=')
                                        .append(
                                                value.map(seen -> seen.tag() + "/" + seen.echo())
                                                        .orElse(NONE)));
        return text.toString();
    }

    /**
     * An answer as a node tells it in its header: session, origin and beans.
     *
     * @throws IllegalArgumentException it is something else
     */
    public static Answer parseView(int position, String text) {
        List<String> words = words(text);
        require(words.size() >= 2, "a session and an origin", text);
        SortedMap<Integer, Optional<Value>> beans = new TreeMap<>();
        for (String word : words.subList(2, words.size())) {
            String[] pair = word.split("=", -1);
            require(pair.length == 2, "bean=tag/echo", word);
            beans.put(bean(pair[0]), value(pair[1]));
        }
        return new Answer(position, optional(words.get(0)), Origin.valueOf(words.get(1)), beans);
    }

    private static Optional<Value> value(String text) {
        if (text.equals(NONE)) {
            return Optional.empty();
        }
        String[] halves = text.split("/", -1);
        require(halves.length == 2, "tag/echo", text);
        return Optional.of(new Value(halves[0], halves[1]));
    }

    static Operation parse(String line) {
        List<String> words = words(line);
        require(
                words.size() > WORDS_BEFORE_ARROW + 1
                        && words.get(WORDS_BEFORE_ARROW).equals(ARROW),
                "seven words, -> and an answer",
                line);
        String answer = String.join(" ", words.subList(WORDS_BEFORE_ARROW + 1, words.size()));
        return new Operation(
                Integer.parseInt(words.get(0)),
                Integer.parseInt(words.get(1).substring(1)),
                words.get(2),
                OperationKind.valueOf(words.get(3)),
                optional(words.get(4)),
                optional(words.get(5)),
                beans(words.get(6)),
                answer.equals(UNANSWERED) ? Optional.empty() : Optional.of(positioned(answer)));
    }

    private static Answer positioned(String text) {
        int blank = text.indexOf(' ');
        require(blank > 0, "a position and an answer", text);
        return parseView(Integer.parseInt(text.substring(0, blank)), text.substring(blank).strip());
    }

    private static NavigableSet<Integer> beans(String text) {
        NavigableSet<Integer> beans = new TreeSet<>();
        if (!text.equals(NONE)) {
            Arrays.stream(text.split(",", -1)).map(HistoryFormat::bean).forEach(beans::add);
        }
        return beans;
    }

    private static int bean(String text) {
        require(text.matches("[0-9]{1,2}"), "the number of a bean, 0 to 99", text);
        return Integer.parseInt(text);
    }

    private static Optional<String> optional(String word) {
        return word.equals(NONE) ? Optional.empty() : Optional.of(word);
    }

    private static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
    }

    private static void require(boolean condition, String wanted, String found) {
        if (!condition) {
            throw new IllegalArgumentException("\"" + found + "\" should be " + wanted);
        }
    }

    /** Writes the history, with what was found in it at the top. */
    public static void write(Path file, History history, Report report) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (BufferedWriter writer = Files.newBufferedWriter(file, UTF_8)) {
                for (String line : report.toString().lines().toList()) {
                    writer.write("# " + line + "\n");
                }
                writer.write(LEGEND);
                for (Operation operation : history.operations()) {
                    writer.write(line(operation) + "\n");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @throws IllegalArgumentException a line is none of a history; the message has its number
     */
    public static History read(Path file) {
        List<Operation> operations = new ArrayList<>();
        try {
            List<String> lines = Files.readAllLines(file, UTF_8);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (!line.isBlank() && !line.startsWith("#")) {
                    operations.add(parse(file, i + 1, line));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return History.of(operations);
    }

    private static Operation parse(Path file, int number, String line) {
        try {
            return parse(line);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "%s, line %d: %s".formatted(file, number, e.getMessage()), e);
        }
    }
}
