package org.memcachedsession.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/** The meta commands mg, ms, md and ma. Their errors are answered even where q asks for silence. */
final class MetaCommands {

    private static final String TOO_MANY_FLAGS = "CLIENT_ERROR options flags too long";
    private static final String TOO_MANY_FLAGS_FOR_GET = "CLIENT_ERROR options flags are too long";
    private static final String INVALID_FLAG = "CLIENT_ERROR invalid or duplicate flag";

    private final ItemStore store;
    private final ItemTable table;
    private final ServerClock clock;
    private final Statistics statistics;
    private final boolean skipUnchanged;

    /**
     * @param skipUnchanged whether C leaves out a value that the client has, as from 1.6.40 on
     */
    MetaCommands(
            ItemStore store,
            ItemTable table,
            ServerClock clock,
            Statistics statistics,
            boolean skipUnchanged) {
        this.store = store;
        this.table = table;
        this.clock = clock;
        this.statistics = statistics;
        this.skipUnchanged = skipUnchanged;
    }

    void get(CommandLine line, ReplyWriter out) throws IOException {
        if (!isAcceptable(line, TOO_MANY_FLAGS_FOR_GET, out)) {
            return;
        }
        Reply answer;
        try {
            answer = get(MetaFlags.parse(line, 2, clock));
        } catch (MetaRefusal refusal) {
            answer = Reply.of(refusal.getMessage());
        }
        answer.writeTo(out);
    }

    private Reply get(MetaFlags flags) throws MetaRefusal {
        synchronized (table) {
            Optional<Item> found = table.find(flags.key);
            boolean create = found.isEmpty() && flags.has('N');
            if (found.isEmpty() && !create) {
                return miss(flags);
            }
            Item item =
                    create ? new Item(flags.key, 0, ServerClock.NEVER, new byte[0]) : found.get();
            if (create) {
                table.put(item);
            }
            return hit(item, create, flags);
        }
    }

    private Reply miss(MetaFlags flags) throws MetaRefusal {
        statistics.count(Stat.CMD_GET);
        statistics.count(Stat.GET_MISSES);
        String line = "EN" + echo(flags);
        return flags.has('q') ? Reply.SILENCE : Reply.of(line);
    }

    private Reply hit(Item item, boolean created, MetaFlags flags) throws MetaRefusal {
        // l and h tell what was before this command; where nobody asks, a refused opaque is a read
        // too
        boolean late = flags.hasAnyOf("NTRlh");
        if (!late && !flags.has('u')) {
            table.fetched(item);
        }
        boolean won = false;
        boolean withValue = flags.has('v') && !(skipUnchanged && isUnchanged(item, flags));
        StringBuilder line = new StringBuilder(withValue ? "VA " + item.value.length : "HD");
        for (String word : flags.words) {
            char letter = word.charAt(0);
            switch (letter) {
                case 'T' -> item.expiry = flags.newExpiry;
                case 'N' -> {
                    if (created) {
                        item.expiry = flags.vivifyExpiry;
                        won = true;
                    }
                }
                case 'R' -> won |= !created && !item.won && endsBefore(item, flags.recacheBefore);
                case 'O' -> line.append(' ').append(MetaFlags.opaque(word));
                case 'k' -> line.append(keyFlag(item.key, item.binaryKey));
                case 's' -> line.append(" s").append(item.value.length);
                case 't' -> line.append(" t").append(timeToLive(item));
                case 'c' -> line.append(" c").append(Long.toUnsignedString(item.cas));
                case 'f' -> line.append(" f").append(Integer.toUnsignedString(item.clientFlags));
                case 'l' -> line.append(" l").append(clock.now() - item.lastAccess);
                case 'h' -> line.append(item.fetched ? " h1" : " h0");
                default -> {
                    // says how, not what
                }
            }
        }
        line.append(marks(item, won));
        if (late && !flags.has('u')) {
            table.fetched(item);
        }
        statistics.count(flags.has('T') ? Stat.CMD_TOUCH : Stat.CMD_GET);
        statistics.count(flags.has('T') ? Stat.TOUCH_HITS : Stat.GET_HITS);
        return Reply.of(line.toString(), withValue ? item.value : null);
    }

    private static boolean isUnchanged(Item item, MetaFlags flags) {
        return flags.has('C') && item.cas == flags.expectedCas;
    }

    private static boolean endsBefore(Item item, long time) {
        return item.expiry != ServerClock.NEVER && item.expiry < time;
    }

    /** Z: another client has won. X: stale. W: this client has won the right to fetch it anew. */
    private static String marks(Item item, boolean wonByFlag) {
        boolean won = wonByFlag || (item.stale && !item.won);
        String marks = (item.won ? " Z" : "") + (item.stale ? " X" : "") + (won ? " W" : "");
        item.won |= won;
        return marks;
    }

    void set(CommandLine line, RequestReader in, ReplyWriter out) throws IOException {
        if (!isAcceptable(line, TOO_MANY_FLAGS, out)) {
            return;
        }
        OptionalInt length = line.size() > 2 ? Numbers.signed32(line.word(2)) : OptionalInt.empty();
        if (length.isEmpty() || !TextCommands.isLength(length.getAsInt())) {
            out.line(Commands.BAD_FORMAT);
            return;
        }
        MetaFlags flags;
        StoreMode mode;
        try {
            flags = MetaFlags.parse(line, 3, clock);
            mode = storeMode(flags);
            echo(flags);
            if (!table.fits(flags.key, flags.clientFlags, length.getAsInt())) {
                store.refuseTooLarge(flags.key, true);
                throw new MetaRefusal(Commands.TOO_LARGE);
            }
        } catch (MetaRefusal refusal) {
            out.line(refusal.getMessage());
            in.skipBlock(length.getAsInt());
            return;
        }
        Optional<byte[]> block = in.block(length.getAsInt());
        statistics.count(Stat.CMD_SET);
        if (block.isEmpty()) {
            out.line(Commands.BAD_DATA_CHUNK);
            return;
        }
        Item candidate = new Item(flags.key, flags.clientFlags, flags.newExpiry, block.get());
        candidate.binaryKey = flags.has('b');
        candidate.cas = flags.expectedCas;
        ItemStore.Stored stored = store.store(mode, candidate, flags.has('I'));
        if (stored.result() != StoreResult.STORED || !flags.has('q')) {
            out.line(stored.result().metaCode() + echoStored(flags, stored.cas()));
        }
    }

    private static StoreMode storeMode(MetaFlags flags) throws MetaRefusal {
        StoreMode mode =
                switch (flags.mode) {
                    case ' ', 'S' -> StoreMode.SET;
                    case 'E' -> StoreMode.ADD;
                    case 'A' -> StoreMode.APPEND;
                    case 'P' -> StoreMode.PREPEND;
                    case 'R' -> StoreMode.REPLACE;
                    default -> throw new MetaRefusal("CLIENT_ERROR invalid mode for ms M token");
                };
        boolean plain = mode == StoreMode.SET || mode == StoreMode.REPLACE;
        return plain && flags.has('C') ? StoreMode.CAS : mode;
    }

    void delete(CommandLine line, ReplyWriter out) throws IOException {
        if (!isAcceptable(line, TOO_MANY_FLAGS, out)) {
            return;
        }
        MetaFlags flags;
        try {
            flags = MetaFlags.parse(line, 2, clock);
        } catch (MetaRefusal refusal) {
            out.line(INVALID_FLAG);
            return;
        }
        try {
            String echo = echo(flags);
            StoreResult result = delete(flags);
            if (result != StoreResult.STORED || !flags.has('q')) {
                out.line(result.metaCode() + echo);
            }
        } catch (MetaRefusal refusal) {
            out.line(refusal.getMessage());
        }
    }

    /** {@link StoreResult#STORED} where the item was deleted or marked. */
    private StoreResult delete(MetaFlags flags) {
        synchronized (table) {
            Optional<Item> found = table.find(flags.key);
            if (found.isEmpty()) {
                statistics.count(Stat.DELETE_MISSES);
                return StoreResult.NOT_FOUND;
            }
            Item item = found.get();
            if (flags.has('C') && item.cas != flags.expectedCas) {
                statistics.count(Stat.DELETE_MISSES);
                return StoreResult.EXISTS;
            }
            if (flags.has('I')) {
                invalidate(item, flags);
            } else {
                statistics.count(Stat.DELETE_HITS);
                table.remove(item);
            }
            return StoreResult.STORED;
        }
    }

    private void invalidate(Item item, MetaFlags flags) {
        if (flags.has('T')) {
            item.expiry = flags.newExpiry;
        }
        item.stale = true;
        item.won = false;
        item.cas = table.nextCas();
    }

    void count(CommandLine line, ReplyWriter out) throws IOException {
        if (!isAcceptable(line, TOO_MANY_FLAGS, out)) {
            return;
        }
        MetaFlags flags;
        try {
            flags = MetaFlags.parse(line, 2, clock);
        } catch (MetaRefusal refusal) {
            out.line(INVALID_FLAG);
            return;
        }
        Reply answer;
        try {
            answer = count(flags);
        } catch (MetaRefusal refusal) {
            answer = Reply.of(refusal.getMessage());
        }
        answer.writeTo(out);
    }

    private Reply count(MetaFlags flags) throws MetaRefusal {
        boolean up = countsUp(flags);
        synchronized (table) {
            ItemStore.Counted counted = store.count(flags.key, up, flags.delta, flags.expectedCas);
            return switch (counted.result()) {
                case COUNTED -> {
                    Reply answer = counted(counted.item(), counted.number(), false, flags);
                    yield flags.has('q') ? Reply.SILENCE : answer;
                }
                case NOT_FOUND -> countedNone(up, flags);
                case OTHER_CAS -> Reply.of("EX" + echo(flags));
                case NOT_A_NUMBER -> throw new MetaRefusal(Commands.NOT_A_NUMBER);
            };
        }
    }

    private Reply countedNone(boolean up, MetaFlags flags) throws MetaRefusal {
        if (!flags.has('N')) {
            statistics.count(up ? Stat.INCR_MISSES : Stat.DECR_MISSES);
            return Reply.of("NF" + echo(flags));
        }
        String number = Long.toUnsignedString(flags.initial);
        byte[] value = number.getBytes(StandardCharsets.ISO_8859_1);
        Item item = new Item(flags.key, 0, ServerClock.NEVER, value);
        table.put(item);
        return counted(item, number, true, flags);
    }

    private Reply counted(Item item, String number, boolean created, MetaFlags flags)
            throws MetaRefusal {
        StringBuilder line = new StringBuilder(flags.has('v') ? "VA " + number.length() : "HD");
        for (String word : flags.words) {
            switch (word.charAt(0)) {
                case 'T' -> item.expiry = flags.newExpiry;
                case 'N' -> item.expiry = created ? flags.vivifyExpiry : item.expiry;
                case 'c' -> line.append(" c").append(Long.toUnsignedString(item.cas));
                case 't' -> line.append(" t").append(timeToLive(item));
                case 'O' -> line.append(' ').append(MetaFlags.opaque(word));
                case 'k' -> line.append(keyFlag(flags.key, flags.has('b')));
                default -> {
                    // says how, not what
                }
            }
        }
        byte[] value = number.getBytes(StandardCharsets.ISO_8859_1);
        return Reply.of(line.toString(), flags.has('v') ? value : null);
    }

    private static boolean countsUp(MetaFlags flags) throws MetaRefusal {
        return switch (flags.mode) {
            case ' ', 'I', '+' -> true;
            case 'D', '-' -> false;
            default -> throw new MetaRefusal("CLIENT_ERROR invalid mode for ma M token");
        };
    }

    private static boolean isAcceptable(CommandLine line, String tooManyFlags, ReplyWriter out)
            throws IOException {
        if (line.size() < 2) {
            out.line(Commands.ERROR);
            return false;
        }
        if (line.key().length() > Commands.LONGEST_KEY) {
            out.line(Commands.BAD_FORMAT);
            return false;
        }
        if (MetaFlags.areTooMany(line)) {
            out.line(tooManyFlags);
            return false;
        }
        return true;
    }

    /** What comes back whatever the outcome: opaque and key, in the order asked for. */
    private static String echo(MetaFlags flags) throws MetaRefusal {
        StringBuilder echo = new StringBuilder();
        for (String word : flags.words) {
            if (word.charAt(0) == 'O') {
                echo.append(' ').append(MetaFlags.opaque(word));
            } else if (word.charAt(0) == 'k') {
                echo.append(keyFlag(flags.key, flags.has('b')));
            }
        }
        return echo.toString();
    }

    /** As {@link #echo}, with the CAS number between; its opaque has been looked at before. */
    private static String echoStored(MetaFlags flags, long cas) {
        StringBuilder echo = new StringBuilder();
        for (String word : flags.words) {
            switch (word.charAt(0)) {
                case 'O' -> echo.append(' ').append(word);
                case 'k' -> echo.append(keyFlag(flags.key, flags.has('b')));
                case 'c' -> echo.append(" c").append(Long.toUnsignedString(cas));
                default -> {
                    // not echoed
                }
            }
        }
        return echo.toString();
    }

    private static String keyFlag(String key, boolean binary) {
        // the blank behind b is memcached's
        return binary ? " k" + BinaryKey.encode(key) + " b" : " k" + key;
    }

    private String timeToLive(Item item) {
        if (item.expiry == ServerClock.NEVER) {
            return "-1";
        }
        // one set to end in the past shows as memcached's 32 bits do
        return Integer.toUnsignedString((int) (item.expiry - clock.now()));
    }
}
