package org.memcachedsession.embedded;

/** The commands of a server without sockets. */
final class TestServer {

    private TestServer() {}

    static Commands commands() {
        Statistics statistics = new Statistics();
        ServerClock clock = new ServerClock(new SetClock());
        ItemTable table = new ItemTable(clock, statistics, 64L << 20, 1 << 20);
        ItemStore store = new ItemStore(table, statistics);
        return new Commands(
                new TextCommands(store, table, clock, statistics),
                new MetaCommands(store, table, clock, statistics, false),
                new AdminCommands(table, clock, statistics, () -> 0));
    }
}
