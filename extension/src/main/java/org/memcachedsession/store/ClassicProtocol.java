package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import net.rubyeye.xmemcached.command.CommandType;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore.Written;
import org.memcachedsession.session.StoredItem;

/**
 * The commands that every memcached knows: {@code gets}, {@code cas}, {@code touch} and so on. They tell neither
 * the time left of an item nor the version that it got.
 */
final class ClassicProtocol implements Protocol {

    static final ClassicProtocol INSTANCE = new ClassicProtocol();

    private ClassicProtocol() {}

    /** The time stays: a {@code touch} of its own would have to follow. And all bytes are sent. */
    @Override
    public ServerCommand<Optional<StoredItem>> load(
            ItemKey key, OptionalInt expirySeconds, Optional<StoredItem> near) {
        return new Gets(key);
    }

    @Override
    public ServerCommand<Written> add(ItemKey key, byte[] value, int expirySeconds) {
        return new Line<>(
                "add",
                CommandType.ADD,
                storing("add", key, value, expirySeconds, ""),
                Map.of("STORED", Written.stored(), "NOT_STORED", Written.CHANGED));
    }

    @Override
    public ServerCommand<Written> cas(ItemKey key, byte[] value, long version, int expirySeconds) {
        return new Line<>(
                "cas",
                CommandType.CAS,
                storing("cas", key, value, expirySeconds, " " + Long.toUnsignedString(version)),
                Map.of(
                        "STORED", Written.stored(),
                        "EXISTS", Written.CHANGED,
                        "NOT_FOUND", Written.MISSING));
    }

    @Override
    public ServerCommand<Boolean> replace(ItemKey key, byte[] value, int expirySeconds) {
        return new Line<>(
                "replace",
                CommandType.REPLACE,
                storing("replace", key, value, expirySeconds, ""),
                Map.of("STORED", true, "NOT_STORED", false));
    }

    @Override
    public ServerCommand<Boolean> touch(ItemKey key, int expirySeconds) {
        return new Line<>(
                "touch",
                CommandType.TOUCH,
                ("touch " + key.text() + ' ' + expirySeconds + "\r\n").getBytes(US_ASCII),
                Map.of("TOUCHED", true, "NOT_FOUND", false));
    }

    @Override
    public ServerCommand<Boolean> delete(ItemKey key) {
        return new Line<>(
                "delete",
                CommandType.DELETE,
                ("delete " + key.text() + "\r\n").getBytes(US_ASCII),
                Map.of("DELETED", true, "NOT_FOUND", false));
    }

    private static byte[] storing(
            String name, ItemKey key, byte[] value, int expirySeconds, String version) {
        return ServerCommand.withValue(
                name
                        + ' '
                        + key.text()
                        + " 0 "
                        + expirySeconds
                        + ' '
                        + value.length
                        + version
                        + "\r\n",
                value);
    }

    /** One whose answer is one line out of a few. */
    private static final class Line<T> extends ServerCommand<T> {

        private final Map<String, T> answers;

        private Line(String name, CommandType type, byte[] request, Map<String, T> answers) {
            super(name, type, request);
            this.answers = answers;
        }

        @Override
        boolean read(ByteBuffer bytes) {
            String line = line(bytes);
            if (line == null) {
                return false;
            }
            T known = answers.get(line);
            if (known == null) {
                return refused(line);
            }
            complete(known);
            return true;
        }
    }

    /** {@code VALUE key flags bytes version}, the bytes, {@code END}; for what is missing the last alone. */
    private static final class Gets extends ServerCommand<Optional<StoredItem>> {

        private static final int KEY = 1;
        private static final int LENGTH = 3;
        private static final int VERSION = 4;

        private final String wanted;
        private ValueReader value;
        private long version;

        Gets(ItemKey key) {
            // GETS_ONE would let xmemcached merge several into one, and mix up who asked for what
            super(
                    "gets",
                    CommandType.GETS_MANY,
                    ("gets " + key.text() + "\r\n").getBytes(US_ASCII));
            wanted = key.text();
        }

        @Override
        boolean read(ByteBuffer bytes) {
            if (value == null) {
                String line = line(bytes);
                if (line == null) {
                    return false;
                }
                if (line.equals("END")) {
                    complete(Optional.empty());
                    return true;
                }
                if (!line.startsWith("VALUE ")) {
                    return refused(line);
                }
                begin(line.split(" ", -1));
            }
            return value.read(bytes) && end(bytes);
        }

        private void begin(String[] words) {
            if (words.length != VERSION + 1 || !words[KEY].equals(wanted)) {
                throw new AlienAnswerException("the item of another key");
            }
            version = unsigned(words[VERSION]);
            value = new ValueReader(words[LENGTH]);
        }

        private boolean end(ByteBuffer bytes) {
            String line = line(bytes);
            if (line == null) {
                return false;
            }
            if (!line.equals("END")) {
                throw new AlienAnswerException("more than one item");
            }
            complete(Optional.of(new StoredItem(value.value(), version, Optional.empty())));
            return true;
        }
    }
}
