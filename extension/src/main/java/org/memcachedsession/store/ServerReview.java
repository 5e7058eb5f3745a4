package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.rubyeye.xmemcached.command.CommandType;

/** What a server was started with, as it tells itself, and what of that its operator should know. Numbers from MSS-80. */
final class ServerReview {

    /** Besides the value, an item has a key and fields of its own. */
    private static final int ROOM_FOR_KEY = 1024;

    private final Map<String, String> settings;

    private ServerReview(Map<String, String> settings) {
        this.settings = settings;
    }

    /** {@code stats settings}, which changes nothing. One that does not know it has no settings here. */
    static ServerCommand<ServerReview> ask() {
        return new StatsSettings();
    }

    /**
     * A text for each problem, none if all is well.
     *
     * @param server its name
     * @param onLoopback whether nobody but this machine can reach it; then it may be as open as it likes
     * @param sizeLimit bytes of the largest value that is sent
     */
    List<String> problems(String server, boolean onLoopback, int sizeLimit) {
        List<String> problems = new ArrayList<>();
        List<String> doors = onLoopback ? List.of() : openDoors();
        if (!doors.isEmpty()) {
            problems.add(
                    "MSS-80 memcached server "
                            + server
                            + " is open to whoever reaches it: "
                            + String.join("; ", doors)
                            + ". Start it with these options, and let it listen on an inner network alone");
        }
        long largest = number("item_size_max");
        if (largest > 0 && sizeLimit > largest - ROOM_FOR_KEY) {
            problems.add(
                    "MSS-81 memcached server "
                            + server
                            + " takes items of "
                            + largest
                            + " bytes at most, with key and head, and memcached.session.size.limit is "
                            + sizeLimit
                            + ": larger sessions cannot be saved. Raise the one (-I) or lower the other");
        }
        if (is("cas_enabled", "no")) {
            problems.add(
                    "MSS-82 memcached server "
                            + server
                            + " counts no versions (-C): of two requests that change a session at once, one"
                            + " overwrites the other, and a session that has ended may come back. Start it"
                            + " without -C");
        }
        return problems;
    }

    private List<String> openDoors() {
        List<String> doors = new ArrayList<>();
        boolean knowsUsers =
                !is("auth_enabled_sasl", "no")
                        || !settings.getOrDefault("auth_enabled_ascii", "no").equals("no");
        if (!knowsUsers) {
            doors.add("it does not ask who that is (-Y, with memcached.session.username)");
        }
        if (is("dump_enabled", "yes")) {
            doors.add("it lists all keys (-X)");
        }
        if (is("flush_enabled", "yes")) {
            doors.add("it drops all sessions at one word (-F)");
        }
        return doors;
    }

    private boolean is(String name, String value) {
        return value.equals(settings.get(name));
    }

    /** 0 if it does not tell. */
    private long number(String name) {
        try {
            return Long.parseLong(settings.getOrDefault(name, "0"));
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    /** {@code STAT name value} to a line, {@code END}. */
    private static final class StatsSettings extends ServerCommand<ServerReview> {

        private static final int MOST = 1000;

        private final Map<String, String> settings = new TreeMap<>();

        StatsSettings() {
            super("stats", CommandType.STATS, "stats settings\r\n".getBytes(US_ASCII));
        }

        @Override
        boolean read(ByteBuffer bytes) {
            for (String line = line(bytes); line != null; line = line(bytes)) {
                String[] words = line.split(" ", 3);
                if (words.length < 2 || !words[0].equals("STAT") || settings.size() == MOST) {
                    complete(new ServerReview(settings));
                    return true; // what is not the end of it, no answer to the next request will be
                }
                settings.put(words[1], words.length == 3 ? words[2] : "");
            }
            return false;
        }
    }
}
