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

/**
 * The figures as they were measured: where and when in lines that begin with {@code #}, then comma-separated
 * values, a line for each leg. Nothing in it has a comma or a quote of its own but the lines with {@code #}.
 *
 * @param circumstances what was measured, where, when and by which command, in the order in which they are told
 */
record LegFile(Map<String, String> circumstances, List<Leg> legs) {

    private static final String HEAD =
            "server,mode,variant,pass,items,bytes,path,connections,repetition,requests,errors,millis,"
                    + "server_us,store_us,gets,sets,touches,deletes,bytes_to_store,bytes_from_store,p50_us";
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
        legs.forEach(leg -> lines.add(line(leg)));
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

    private static String line(Leg leg) {
        return String.format(
                Locale.ROOT,
                "%s,%s,%s,%d,%d,%d,%s,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%.1f",
                leg.server(),
                leg.mode(),
                leg.variant(),
                leg.pass(),
                leg.items(),
                leg.bytes(),
                leg.path(),
                leg.connections(),
                leg.repetition(),
                leg.requests(),
                leg.errors(),
                leg.millis(),
                leg.serverMicros(),
                leg.storeMicros(),
                leg.store().gets(),
                leg.store().sets(),
                leg.store().touches(),
                leg.store().deletes(),
                leg.store().bytesIn(),
                leg.store().bytesOut(),
                leg.latencyMicros());
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
