package org.memcachedsession.benchmarks.requests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is measured and for how long: the system properties {@code measure.…}.
 *
 * @param repetitions of all legs of a session size: {@code measure.repetitions}
 * @param forks how often the servers of what the goals compare are started anew, with all of that each time, since a
 *     JVM compiles the same code better or worse: {@code measure.forks}
 * @param leg how long requests of one kind are sent: {@code measure.seconds}
 * @param warmUp requests of each kind before the first leg: {@code measure.warmup}
 * @param connections side by side: {@code measure.connections}
 * @param items of the sessions, one size after the other: {@code measure.items}
 * @param servers {@code measure.servers}
 * @param modes {@code measure.modes}; empty: those that {@link #candidates()} names
 * @param settings further system properties of the servers: {@code measure.settings}, with commas
 *     between them, such as {@code memcached.session.compress.from=never}
 */
record Plan(
        int repetitions,
        int forks,
        Duration leg,
        int warmUp,
        int connections,
        List<Integer> items,
        List<ServerKind> servers,
        List<Mode> modes,
        Map<String, String> settings) {

    private static final int SESSIONS = 64;

    private static final List<Mode> MODES_OF_WILDFLY =
            List.of(
                    Mode.NONE,
                    Mode.MEMORY,
                    Mode.DISTRIBUTED,
                    Mode.OURS_JDK,
                    Mode.OURS_FORY,
                    Mode.FLOOR_JDK);

    /** In the order of their turns. */
    private static final List<Mode> COMPARED_BY_GOALS =
            List.of(Mode.FLOOR_JDK, Mode.OURS_JDK, Mode.OURS_FORY);

    Plan {
        items = List.copyOf(items);
        servers = List.copyOf(servers);
        modes = List.copyOf(modes);
        settings = new TreeMap<>(settings);
    }

    /** A mode on a server. */
    record Candidate(ServerKind server, Mode mode, int pass) {}

    /**
     * @throws MeasurementException a property has no sense
     */
    static Plan of(Properties properties) {
        Plan plan =
                new Plan(
                        number("measure.repetitions", 20, properties),
                        number("measure.forks", 3, properties),
                        Duration.ofMillis(
                                Math.round(
                                        1000
                                                * value(
                                                        "measure.seconds",
                                                        1.0,
                                                        Double::valueOf,
                                                        properties))),
                        number("measure.warmup", 60_000, properties),
                        number("measure.connections", 16, properties),
                        list("measure.items", List.of(1, 43, 381), Integer::valueOf, properties),
                        list(
                                "measure.servers",
                                List.of(ServerKind.values()),
                                Plan::server,
                                properties),
                        list("measure.modes", List.of(), Mode::of, properties),
                        settings(properties.getProperty("measure.settings", "")));
        if (plan.repetitions < 1
                || plan.forks < 1
                || plan.warmUp < 1
                || plan.connections < 1
                || plan.leg.isZero()
                || plan.leg.isNegative()
                || plan.items.stream().anyMatch(count -> count < 1)) {
            throw new MeasurementException("this cannot be measured: " + plan);
        }
        return plan;
    }

    /**
     * In the order in which they are measured; those of one list in turns. These are what the goals compare with each
     * other, with the floor before and after: so they are as near to each other in time as can be.
     */
    List<List<Candidate>> candidates() {
        List<List<Candidate>> all = new ArrayList<>();
        for (ServerKind server : servers) {
            List<Mode> wanted =
                    !modes.isEmpty()
                            ? modes
                            : server == ServerKind.PAYARA_MICRO
                                    ? Mode.compared()
                                    : MODES_OF_WILDFLY;
            List<Candidate> inTurns =
                    COMPARED_BY_GOALS.stream()
                            .filter(wanted::contains)
                            .map(mode -> new Candidate(server, mode, 1))
                            .collect(Collectors.toCollection(ArrayList::new));
            if (wanted.contains(Mode.FLOOR_JDK)) {
                inTurns.add(new Candidate(server, Mode.FLOOR_JDK, 2));
            }
            if (!inTurns.isEmpty()) {
                all.add(inTurns);
            }
            wanted.stream()
                    .filter(mode -> !COMPARED_BY_GOALS.contains(mode))
                    .forEach(mode -> all.add(List.of(new Candidate(server, mode, 1))));
        }
        return all;
    }

    /** How often the servers are started for it. The goals speak of Payara Micro. */
    int forksOf(List<Candidate> inTurns) {
        return inTurns.size() > 1 && inTurns.get(0).server() == ServerKind.PAYARA_MICRO ? forks : 1;
    }

    /** Sessions that requests go round: one for each connection at least. */
    int sessions() {
        return Math.max(SESSIONS, connections);
    }

    /** With so many connections. */
    Plan withConnections(int count) {
        return new Plan(repetitions, forks, leg, warmUp, count, items, servers, modes, settings);
    }

    /** With sessions of this one size. */
    Plan withItems(int count) {
        return new Plan(
                repetitions,
                forks,
                leg,
                warmUp,
                connections,
                List.of(count),
                servers,
                modes,
                settings);
    }

    private static ServerKind server(String id) {
        return Stream.of(ServerKind.values())
                .filter(server -> server.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new MeasurementException("there is no server " + id));
    }

    private static Map<String, String> settings(String text) {
        Map<String, String> settings = new TreeMap<>();
        for (String setting : text.isBlank() ? new String[0] : text.split(",")) {
            String[] words = setting.split("=", 2);
            if (words.length < 2) {
                throw new MeasurementException(
                        "measure.settings has \"%s\"; it needs key=value".formatted(setting));
            }
            settings.put(words[0].strip(), words[1].strip());
        }
        return settings;
    }

    private static int number(String key, int otherwise, Properties properties) {
        return value(key, otherwise, Integer::valueOf, properties);
    }

    private static <T> T value(
            String key, T otherwise, Function<String, T> parser, Properties properties) {
        String text = properties.getProperty(key);
        if (text == null) {
            return otherwise;
        }
        try {
            return parser.apply(text.strip());
        } catch (NumberFormatException e) {
            throw new MeasurementException(
                    "%s is \"%s\", which is no number".formatted(key, text), e);
        }
    }

    private static <T> List<T> list(
            String key, List<T> otherwise, Function<String, T> parser, Properties properties) {
        return value(
                key,
                otherwise,
                text -> Stream.of(text.split(",")).map(String::strip).map(parser).toList(),
                properties);
    }
}
