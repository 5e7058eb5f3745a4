package org.memcachedsession.embedded;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The classic commands: storage, retrieval, deletion, touch and counting. */
final class TextCommands {

    private static final String BAD_EXPIRY = "CLIENT_ERROR invalid exptime argument";
    private static final String NOT_FOUND = "NOT_FOUND";

    private final ItemStore store;
    private final ItemTable table;
    private final ServerClock clock;
    private final Statistics statistics;

    TextCommands(ItemStore store, ItemTable table, ServerClock clock, Statistics statistics) {
        this.store = store;
        this.table = table;
        this.clock = clock;
        this.statistics = statistics;
    }

    /** How one key of a retrieval is looked up. */
    private interface Lookup {
        Optional<Reply> find(String key);
    }

    void get(CommandLine line, boolean withCas, ReplyWriter out) throws IOException {
        if (line.size() < 2) {
            out.line(Commands.ERROR);
            return;
        }
        retrieve(line.from(1), key -> read(key, withCas), out);
    }

    void getAndTouch(CommandLine line, boolean withCas, ReplyWriter out) throws IOException {
        if (line.size() < 2) {
            out.line(Commands.ERROR);
            return;
        }
        OptionalInt requested = Numbers.signed32(line.word(1));
        if (requested.isEmpty()) {
            out.line(BAD_EXPIRY);
            return;
        }
        long expiry = clock.expiry(requested.getAsInt());
        retrieve(line.from(2), key -> readAndTouch(key, expiry, withCas), out);
    }

    private static void retrieve(List<String> keys, Lookup lookup, ReplyWriter out)
            throws IOException {
        List<Reply> all = new ArrayList<>();
        for (String key : keys) {
            if (isTooLong(key)) {
                out.line(Commands.BAD_FORMAT);
                return;
            }
            lookup.find(key).ifPresent(all::add);
        }
        for (Reply found : all) {
            found.writeTo(out);
        }
        out.line("END");
    }

    private Optional<Reply> read(String key, boolean withCas) {
        statistics.count(Stat.CMD_GET);
        synchronized (table) {
            Optional<Item> item = table.find(key);
            statistics.count(item.isPresent() ? Stat.GET_HITS : Stat.GET_MISSES);
            item.ifPresent(table::fetched);
            return item.map(hit -> value(hit, withCas));
        }
    }

    private Optional<Reply> readAndTouch(String key, long expiry, boolean withCas) {
        synchronized (table) {
            return touched(key, expiry).map(item -> value(item, withCas));
        }
    }

    private static Reply value(Item item, boolean withCas) {
        String line =
                "VALUE "
                        + item.key
                        + ' '
                        + Integer.toUnsignedString(item.clientFlags)
                        + ' '
                        + item.value.length
                        + (withCas ? " " + Long.toUnsignedString(item.cas) : "");
        return Reply.of(line, item.value);
    }

    private Optional<Item> touched(String key, long expiry) {
        statistics.count(Stat.CMD_TOUCH);
        Optional<Item> item = table.find(key);
        statistics.count(item.isPresent() ? Stat.TOUCH_HITS : Stat.TOUCH_MISSES);
        item.ifPresent(
                hit -> {
                    table.fetched(hit);
                    hit.expiry = expiry;
                });
        return item;
    }

    void store(CommandLine line, StoreMode mode, RequestReader in, ReplyWriter out)
            throws IOException {
        int words = mode == StoreMode.CAS ? 6 : 5;
        if (line.size() != words && line.size() != words + 1) {
            out.line(Commands.ERROR);
            return;
        }
        boolean quiet = line.noreply();
        OptionalInt flags = Numbers.unsigned32(line.word(2));
        OptionalInt expiry = Numbers.signed32(line.word(3));
        OptionalInt length = Numbers.signed32(line.word(4));
        OptionalLong cas =
                mode == StoreMode.CAS ? Numbers.unsigned64(line.word(5)) : OptionalLong.of(0);
        if (isTooLong(line.key())
                || flags.isEmpty()
                || expiry.isEmpty()
                || length.isEmpty()
                || cas.isEmpty()
                || !isLength(length.getAsInt())) {
            // no block is skipped: memcached takes what follows for commands
            answer(Commands.BAD_FORMAT, quiet, out);
            return;
        }
        if (!table.fits(line.key(), flags.getAsInt(), length.getAsInt())) {
            store.refuseTooLarge(line.key(), mode == StoreMode.SET);
            answer(Commands.TOO_LARGE, quiet, out);
            in.skipBlock(length.getAsInt());
            return;
        }
        long until = clock.expiry(expiry.getAsInt());
        Optional<byte[]> block = in.block(length.getAsInt());
        statistics.count(Stat.CMD_SET);
        if (block.isEmpty()) {
            answer(Commands.BAD_DATA_CHUNK, quiet, out);
            return;
        }
        Item candidate = new Item(line.key(), flags.getAsInt(), until, block.get());
        candidate.cas = cas.getAsLong();
        answer(store.store(mode, candidate).result().name(), quiet, out);
    }

    /** Two bytes of line end must fit as well. */
    static boolean isLength(int length) {
        return length >= 0 && length <= Integer.MAX_VALUE - 2;
    }

    void touch(CommandLine line, ReplyWriter out) throws IOException {
        if (line.size() != 3 && line.size() != 4) {
            out.line(Commands.ERROR);
            return;
        }
        boolean quiet = line.noreply();
        if (isTooLong(line.key())) {
            answer(Commands.BAD_FORMAT, quiet, out);
            return;
        }
        OptionalInt requested = Numbers.signed32(line.word(2));
        if (requested.isEmpty()) {
            answer(BAD_EXPIRY, quiet, out);
            return;
        }
        boolean hit;
        synchronized (table) {
            hit = touched(line.key(), clock.expiry(requested.getAsInt())).isPresent();
        }
        answer(hit ? "TOUCHED" : NOT_FOUND, quiet, out);
    }

    void delete(CommandLine line, ReplyWriter out) throws IOException {
        if (line.size() < 2 || line.size() > 4) {
            out.line(Commands.ERROR);
            return;
        }
        boolean quiet = line.size() > 2 && line.noreply();
        // an old form has a time before noreply, of which only 0 is left
        boolean zero = line.size() > 2 && line.word(2).equals("0");
        boolean understood =
                switch (line.size()) {
                    case 2 -> true;
                    case 3 -> zero || quiet;
                    default -> zero && quiet;
                };
        if (!understood) {
            answer(Commands.BAD_FORMAT + ".  Usage: delete <key> [noreply]", quiet, out);
            return;
        }
        if (isTooLong(line.key())) {
            answer(Commands.BAD_FORMAT, quiet, out);
            return;
        }
        boolean hit;
        synchronized (table) {
            Optional<Item> item = table.find(line.key());
            item.ifPresent(table::remove);
            hit = item.isPresent();
        }
        statistics.count(hit ? Stat.DELETE_HITS : Stat.DELETE_MISSES);
        answer(hit ? "DELETED" : NOT_FOUND, quiet, out);
    }

    void count(CommandLine line, boolean up, ReplyWriter out) throws IOException {
        if (line.size() != 3 && line.size() != 4) {
            out.line(Commands.ERROR);
            return;
        }
        boolean quiet = line.noreply();
        if (isTooLong(line.key())) {
            answer(Commands.BAD_FORMAT, quiet, out);
            return;
        }
        OptionalLong delta = Numbers.unsigned64(line.word(2));
        if (delta.isEmpty()) {
            answer("CLIENT_ERROR invalid numeric delta argument", quiet, out);
            return;
        }
        ItemStore.Counted counted = store.count(line.key(), up, delta.getAsLong(), 0);
        switch (counted.result()) {
            case COUNTED -> answer(counted.number(), quiet, out);
            case NOT_A_NUMBER -> answer(Commands.NOT_A_NUMBER, quiet, out);
            case NOT_FOUND -> {
                statistics.count(up ? Stat.INCR_MISSES : Stat.DECR_MISSES);
                answer(NOT_FOUND, quiet, out);
            }
            case OTHER_CAS -> throw new IllegalStateException("no CAS number was asked for");
        }
    }

    private static boolean isTooLong(String key) {
        return key.length() > Commands.LONGEST_KEY;
    }

    private static void answer(String text, boolean quiet, ReplyWriter out) throws IOException {
        if (!quiet) {
            out.line(text);
        }
    }
}
