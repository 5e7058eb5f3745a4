package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import net.rubyeye.xmemcached.command.CommandType;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore.Written;
import org.memcachedsession.session.StoredItem;

/**
 * The meta commands of memcached 1.6.13 and later ({@code mg}, {@code ms}, {@code md}: doc/protocol.txt there).
 * One {@code mg} reads an item with its version and time left, and starts its time anew; {@code ms} tells the
 * version that it gave.
 *
 * <p>Each request has a number, which its answer has to say again: so no answer is taken for that to
 * another request.
 */
final class MetaProtocol implements Protocol {

    /**
     * A value that is longer goes by the classic commands. A server that does not take an item for its size
     * drops the old one at {@code ms}, whatever its mode, and keeps it at {@code cas}, {@code add} and
     * {@code replace}; and none takes less than half a MiB unless it is told so by two of its options.
     */
    static final int LONGEST_BY_META = 500 * 1024;

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    static final MetaProtocol INSTANCE = new MetaProtocol();

    private MetaProtocol() {}

    @Override
    public ServerCommand<Optional<StoredItem>> load(
            ItemKey key, OptionalInt expirySeconds, Optional<StoredItem> near) {
        // t before T: what was left before. C: no bytes if it is that version (passed over before
        // 1.6.40)
        String flags =
                " v c t"
                        + (expirySeconds.isEmpty() ? "" : " T" + expirySeconds.getAsInt())
                        + near.map(item -> " C" + Long.toUnsignedString(item.version())).orElse("");
        return new Meta<>(
                "mg",
                CommandType.GETS_MANY,
                key,
                flags,
                answer ->
                        switch (answer.code()) {
                            case "VA" -> Optional.of(item(answer, answer.value()));
                            case "HD" -> Optional.of(unchanged(answer, near));
                            case "EN" -> Optional.empty();
                            default -> throw answer.isToSomethingElse();
                        });
    }

    private static StoredItem item(Answer answer, byte[] value) {
        return new StoredItem(value, answer.version(), Optional.of(answer.timeLeft()));
    }

    private static StoredItem unchanged(Answer answer, Optional<StoredItem> near) {
        if (near.isEmpty() || near.get().version() != answer.version()) {
            throw answer.isToSomethingElse();
        }
        return item(answer, near.get().value());
    }

    @Override
    public ServerCommand<Written> add(ItemKey key, byte[] value, int expirySeconds) {
        return value.length > LONGEST_BY_META
                ? ClassicProtocol.INSTANCE.add(key, value, expirySeconds)
                : new Meta<>(
                        CommandType.ADD,
                        key,
                        value,
                        " ME c T" + expirySeconds,
                        answer ->
                                switch (answer.code()) {
                                    case "HD" -> Written.stored(answer.version());
                                    case "NS" -> Written.CHANGED;
                                    default -> throw answer.isToSomethingElse();
                                });
    }

    @Override
    public ServerCommand<Written> cas(ItemKey key, byte[] value, long version, int expirySeconds) {
        return value.length > LONGEST_BY_META
                ? ClassicProtocol.INSTANCE.cas(key, value, version, expirySeconds)
                : new Meta<>(
                        CommandType.CAS,
                        key,
                        value,
                        " C" + Long.toUnsignedString(version) + " c T" + expirySeconds,
                        answer ->
                                switch (answer.code()) {
                                    case "HD" -> Written.stored(answer.version());
                                    case "EX" -> Written.CHANGED;
                                    case "NF" -> Written.MISSING;
                                    default -> throw answer.isToSomethingElse();
                                });
    }

    @Override
    public ServerCommand<Boolean> replace(ItemKey key, byte[] value, int expirySeconds) {
        return value.length > LONGEST_BY_META
                ? ClassicProtocol.INSTANCE.replace(key, value, expirySeconds)
                : new Meta<>(
                        CommandType.REPLACE,
                        key,
                        value,
                        " MR T" + expirySeconds,
                        answer -> answer.isDone("NS"));
    }

    @Override
    public ServerCommand<Boolean> touch(ItemKey key, int expirySeconds) {
        return new Meta<>(
                "mg", CommandType.TOUCH, key, " T" + expirySeconds, answer -> answer.isDone("EN"));
    }

    @Override
    public ServerCommand<Boolean> delete(ItemKey key) {
        return new Meta<>("md", CommandType.DELETE, key, "", answer -> answer.isDone("NF"));
    }

    /**
     * Asks whether a server understands this: with an item that nobody has, since what speaks memcached's
     * protocol may know one meta command and not the next. memcached says the number again from 1.6.18 on.
     */
    static ServerCommand<Boolean> probe() {
        return new Probe(nextNumber());
    }

    private static String nextNumber() {
        return Integer.toString(NUMBERS.getAndIncrement(), Character.MAX_RADIX);
    }

    private static final class Probe extends ServerCommand<Boolean> {

        /** memcached's words for it since 1.5.15, the first with -Y. */
        private static final String WHO_ASKS = "CLIENT_ERROR unauthenticated";

        private final String missing;

        Probe(String number) {
            super(
                    "mg",
                    CommandType.GETS_MANY,
                    ("mg " + unusedKey() + " v c t O" + number + "\r\n").getBytes(US_ASCII));
            missing = "EN O" + number;
        }

        @Override
        boolean read(ByteBuffer bytes) {
            String line = line(bytes);
            if (line == null) {
                return false;
            }
            if (line.equals(WHO_ASKS)) {
                setException(
                        new NotAuthenticatedException(
                                "it wants to know who asks (-Y). Set memcached.session.username and"
                                        + " memcached.session.password"));
                return true;
            }
            boolean understands = line.equals(missing);
            if (!understands && !isRefusal(line)) {
                throw new AlienAnswerException("an answer to something else");
            }
            complete(understands);
            return true;
        }

        private static String unusedKey() {
            return "memcached-session-probe-"
                    + Long.toUnsignedString(
                            ThreadLocalRandom.current().nextLong(), Character.MAX_RADIX);
        }

        private static boolean isRefusal(String line) {
            return line.equals("EN")
                    || line.equals("ERROR")
                    || line.startsWith("CLIENT_ERROR ")
                    || line.startsWith("SERVER_ERROR ");
        }
    }

    /** What an answer means. */
    private interface Meaning<T> {
        T of(Answer answer);
    }

    /** One meta command: two letters and flags, perhaps with a value. */
    private static final class Meta<T> extends ServerCommand<T> {

        private final String number;
        private final Meaning<T> meaning;
        private String[] words;
        private ValueReader value;

        Meta(String name, CommandType type, ItemKey key, String flags, Meaning<T> meaning) {
            this(name, type, name + ' ' + key.text() + flags, null, nextNumber(), meaning);
        }

        Meta(CommandType type, ItemKey key, byte[] value, String flags, Meaning<T> meaning) {
            this(
                    "ms",
                    type,
                    "ms " + key.text() + ' ' + value.length + flags,
                    value,
                    nextNumber(),
                    meaning);
        }

        private Meta(
                String name,
                CommandType type,
                String line,
                byte[] value,
                String number,
                Meaning<T> meaning) {
            super(name, type, request(line + " O" + number + "\r\n", value));
            this.number = number;
            this.meaning = meaning;
        }

        private static byte[] request(String line, byte[] value) {
            return value == null ? line.getBytes(US_ASCII) : withValue(line, value);
        }

        @Override
        boolean read(ByteBuffer bytes) {
            if (words == null) {
                String line = line(bytes);
                if (line == null) {
                    return false;
                }
                if (line.indexOf(' ') != 2) {
                    return refused(line);
                }
                words = line.split(" ");
                if (words[0].equals("VA")) {
                    value = new ValueReader(words.length > 1 ? words[1] : "");
                }
            }
            if (value != null && !value.read(bytes)) {
                return false;
            }
            Answer answer = new Answer(words, value == null ? null : value.value());
            if (!answer.flag('O').equals(number)) {
                throw answer.isToSomethingElse();
            }
            complete(meaning.of(answer));
            return true;
        }
    }

    /**
     * What a server has said.
     *
     * @param words two letters, the length of a value if there is one, and flags
     */
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Answer(String[] words, byte[] value) {

        String code() {
            return words[0];
        }

        long version() {
            return ServerCommand.unsigned(flag('c'));
        }

        /** -1 stands for an item that never ends; none of ours does that. */
        Duration timeLeft() {
            try {
                return Duration.ofSeconds(Math.max(0, Long.parseLong(flag('t'))));
            } catch (NumberFormatException notANumber) {
                throw isToSomethingElse();
            }
        }

        boolean isDone(String not) {
            if (code().equals("HD")) {
                return true;
            }
            if (code().equals(not)) {
                return false;
            }
            throw isToSomethingElse();
        }

        private String flag(char letter) {
            for (int i = 1; i < words.length; i++) {
                if (!words[i].isEmpty() && words[i].charAt(0) == letter) {
                    return words[i].substring(1);
                }
            }
            throw isToSomethingElse();
        }

        private ServerCommand.AlienAnswerException isToSomethingElse() {
            return new ServerCommand.AlienAnswerException("an answer to something else");
        }
    }
}
