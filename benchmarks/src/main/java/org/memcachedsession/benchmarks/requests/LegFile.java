package org.memcachedsession.benchmarks.requests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The figures as they were measured: where and when in lines that begin with {@code #}, then comma-separated
 * values, a line for each leg. Nothing in it has a comma or a quote of its own but the lines with {@code #}.
 *
 * @param circumstances what was measured, where, when and by which command, in the order in which they are told
 */
record LegFile(Map<String, String> circumstances, List<Leg> legs) {

    /**
     * One value of each line.
     *
     * @param name in the head of the file
     */
    private record Column(String name, Function<Leg, Object> value) {}

    /** In the order in which {@link #leg} takes them. */
    private static final List<Column> COLUMNS =
            List.of(
                    new Column("server", Leg::server),
                    new Column("mode", Leg::mode),
                    new Column("variant", Leg::variant),
                    new Column("pass", Leg::pass),
                    new Column("items", Leg::items),
                    new Column("bytes", Leg::bytes),
                    new Column("path", Leg::path),
                    new Column("connections", Leg::connections),
                    new Column("repetition", Leg::repetition),
                    new Column("requests", Leg::requests),
                    new Column("errors", Leg::errors),
                    new Column("millis", Leg::millis),
                    new Column("server_us", Leg::serverMicros),
                    new Column("store_us", Leg::storeMicros),
                    new Column("gets", leg -> leg.store().gets()),
                    new Column("sets", leg -> leg.store().sets()),
                    new Column("touches", leg -> leg.store().touches()),
                    new Column("deletes", leg -> leg.store().deletes()),
                    new Column("bytes_to_store", leg -> leg.store().bytesIn()),
                    new Column("bytes_from_store", leg -> leg.store().bytesOut()),
                    new Column(
                            "p50_us",
                            leg -> String.format(Locale.ROOT, "%.1f", leg.latencyMicros())));

    private static final String HEAD = line(Column::name);
    private static final String REMARK = "# ";
    private static final String IS = ": ";

    LegFile {
        circumstances = new LinkedHashMap<>(circumstances);
        legs = List.copyOf(legs);
    }

    void write(Path file) {
        List<String> lines = new ArrayList<>();
        circumstances.forEach((name, value) -> lines.add(REMARK + name + IS + value));
        lines.add(HEAD);
        legs.forEach(leg -> lines.add(line(column -> column.value().apply(leg))));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, String.join("\n", lines) + "\n", UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @throws MeasurementException it is not as {@link #write} writes it
     */
    static LegFile read(Path file) {
        Map<String, String> circumstances = new LinkedHashMap<>();
        List<Leg> legs = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file, UTF_8)) {
                if (line.startsWith(REMARK) && line.contains(IS)) {
                    int end = line.indexOf(IS);
                    circumstances.put(
                            line.substring(REMARK.length(), end),
                            line.substring(end + IS.length()));
                } else if (!line.equals(HEAD)) {
                    legs.add(leg(line, file));
                }
            }
        } catch (IOException e) {
            throw new MeasurementException("there are no figures at " + file, e);
        }
        return new LegFile(circumstances, legs);
    }

    private static String line(Function<Column, Object> value) {
        return COLUMNS.stream()
                .map(column -> String.valueOf(value.apply(column)))
                .collect(Collectors.joining(","));
    }

    private static Leg leg(String line, Path file) {
        Words words = new Words(line.split(",", -1));
        try {
            return new Leg(
                    words.next(),
                    words.next(),
                    words.next(),
                    words.integer(),
                    words.integer(),
                    words.integer(),
                    words.next(),
                    words.integer(),
                    words.integer(),
                    words.number(),
                    words.number(),
                    words.number(),
                    words.number(),
                    words.number(),
                    new StoreStatistics(
                            words.number(),
                            words.number(),
                            words.number(),
                            words.number(),
                            words.number(),
                            words.number()),
                    Double.parseDouble(words.next()));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new MeasurementException("%s has a line \"%s\"".formatted(file, line), e);
        }
    }

    /** Takes the words of a line, one after the other. */
    private static final class Words {

        private final String[] words;
        private int taken;

        Words(String[] words) {
            this.words = words;
        }

        String next() {
            return words[taken++];
        }

        int integer() {
            return Integer.parseInt(next());
        }

        long number() {
            return Long.parseLong(next());
        }
    }
}
