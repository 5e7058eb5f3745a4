package org.memcachedsession.embedded;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/** Commands about the server and not about one item. */
final class AdminCommands {

    /** The version whose behaviour this server has, and a word that says it is not that one. */
    static final String VERSION = "1.6.18-embedded";

    private static final String END = "END";

    private final ItemTable table;
    private final ServerClock clock;
    private final Statistics statistics;
    private final ConnectionCount connections;

    /** How many clients are connected now. */
    interface ConnectionCount {
        int now();
    }

    AdminCommands(
            ItemTable table,
            ServerClock clock,
            Statistics statistics,
            ConnectionCount connections) {
        this.table = table;
        this.clock = clock;
        this.statistics = statistics;
        this.connections = connections;
    }

    void flushAll(CommandLine line, ReplyWriter out) throws IOException {
        if (line.size() > 3) {
            out.line(Commands.ERROR);
            return;
        }
        boolean quiet = line.noreply();
        statistics.count(Stat.CMD_FLUSH);
        OptionalInt delay = OptionalInt.of(0);
        if (line.size() != (quiet ? 2 : 1)) {
            delay = Numbers.signed32(line.word(1));
        }
        delay.ifPresent(table::flush);
        if (!quiet) {
            out.line(delay.isPresent() ? "OK" : "CLIENT_ERROR invalid exptime argument");
        }
    }

    void verbosity(CommandLine line, ReplyWriter out) throws IOException {
        if (line.size() != 2 && line.size() != 3) {
            out.line(Commands.ERROR);
        } else if (!line.noreply()) {
            // there is no log whose level could change
            boolean understood = Numbers.unsigned32(line.word(1)).isPresent();
            out.line(understood ? "OK" : Commands.BAD_FORMAT);
        }
    }

    void version(ReplyWriter out) throws IOException {
        out.line("VERSION " + VERSION);
    }

    void stats(CommandLine line, ReplyWriter out) throws IOException {
        switch (line.size() == 1 ? "" : line.word(1)) {
            case "" -> write(general(), out);
            case "settings" -> write(settings(), out);
            case "items" -> write(items(), out);
            case "slabs" -> write(slabs(), out);
            case "reset" -> {
                statistics.reset();
                out.line("RESET");
            }
            default -> out.line(Commands.ERROR);
        }
    }

    private static void write(Map<String, String> stats, ReplyWriter out) throws IOException {
        for (Map.Entry<String, String> stat : stats.entrySet()) {
            out.line("STAT " + stat.getKey() + ' ' + stat.getValue());
        }
        out.line(END);
    }

    Map<String, String> general() {
        Map<String, String> stats = new LinkedHashMap<>();
        stats.put("pid", Long.toString(ProcessHandle.current().pid()));
        stats.put("uptime", Long.toString(clock.uptime()));
        stats.put("time", Long.toString(clock.unixTime()));
        stats.put("version", VERSION);
        stats.put("pointer_size", "64");
        stats.put("max_connections", Integer.toString(Acceptor.MOST_CONNECTIONS));
        stats.put("curr_connections", Integer.toString(connections.now()));
        for (Stat stat : Stat.values()) {
            stats.put(stat.label(), Long.toString(statistics.get(stat)));
        }
        stats.put("limit_maxbytes", Long.toString(table.memoryLimit()));
        stats.put("accepting_conns", "1");
        stats.put("threads", Integer.toString(connections.now()));
        stats.put("bytes", Long.toString(table.bytes()));
        stats.put("curr_items", Integer.toString(table.count()));
        return stats;
    }

    private Map<String, String> settings() {
        Map<String, String> stats = new LinkedHashMap<>();
        stats.put("maxbytes", Long.toString(table.memoryLimit()));
        stats.put("maxconns", Integer.toString(Acceptor.MOST_CONNECTIONS));
        stats.put("udpport", "0");
        stats.put("evictions", "on");
        stats.put("cas_enabled", "yes");
        stats.put("item_size_max", Integer.toString(table.itemSizeLimit()));
        stats.put("flush_enabled", "yes");
        stats.put("dump_enabled", "no");
        return stats;
    }

    /** All items are shown as being of one class of sizes. */
    private Map<String, String> items() {
        Map<String, String> stats = new LinkedHashMap<>();
        if (table.count() > 0) {
            stats.put("items:1:number", Integer.toString(table.count()));
            stats.put("items:1:age", Long.toString(table.age()));
            stats.put("items:1:mem_requested", Long.toString(table.bytes()));
            stats.put("items:1:evicted", Long.toString(statistics.get(Stat.EVICTIONS)));
            stats.put("items:1:outofmemory", "0");
        }
        return stats;
    }

    private Map<String, String> slabs() {
        Map<String, String> stats = new LinkedHashMap<>();
        stats.put("active_slabs", table.count() > 0 ? "1" : "0");
        stats.put("total_malloced", Long.toString(table.bytes()));
        return stats;
    }
}
