package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Map;
import net.rubyeye.xmemcached.command.CommandType;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore.Replacement;

/** A command whose answer is one line out of a few. */
final class LineCommand<T> extends ServerCommand<T> {

    private final Map<String, T> answers;

    private LineCommand(String name, CommandType type, byte[] request, Map<String, T> answers) {
        super(name, type, request);
        this.answers = answers;
    }

    static LineCommand<Boolean> add(ItemKey key, byte[] value, int expirySeconds) {
        return storing("add", CommandType.ADD, key, value, expirySeconds);
    }

    static LineCommand<Boolean> replace(ItemKey key, byte[] value, int expirySeconds) {
        return storing("replace", CommandType.REPLACE, key, value, expirySeconds);
    }

    private static LineCommand<Boolean> storing(
            String name, CommandType type, ItemKey key, byte[] value, int expirySeconds) {
        return new LineCommand<>(
                name,
                type,
                store(name + ' ' + key.text() + " 0 " + expirySeconds + ' ' + value.length, value),
                Map.of("STORED", true, "NOT_STORED", false));
    }

    static LineCommand<Replacement> cas(
            ItemKey key, byte[] value, long version, int expirySeconds) {
        return new LineCommand<>(
                "cas",
                CommandType.CAS,
                store(
                        "cas "
                                + key.text()
                                + " 0 "
                                + expirySeconds
                                + ' '
                                + value.length
                                + ' '
                                + Long.toUnsignedString(version),
                        value),
                Map.of(
                        "STORED", Replacement.STORED,
                        "EXISTS", Replacement.CHANGED,
                        "NOT_FOUND", Replacement.MISSING));
    }

    static LineCommand<Boolean> touch(ItemKey key, int expirySeconds) {
        return new LineCommand<>(
                "touch",
                CommandType.TOUCH,
                ("touch " + key.text() + ' ' + expirySeconds + "\r\n").getBytes(US_ASCII),
                Map.of("TOUCHED", true, "NOT_FOUND", false));
    }

    static LineCommand<Boolean> delete(ItemKey key) {
        return new LineCommand<>(
                "delete",
                CommandType.DELETE,
                ("delete " + key.text() + "\r\n").getBytes(US_ASCII),
                Map.of("DELETED", true, "NOT_FOUND", false));
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

    private static byte[] store(String line, byte[] value) {
        return ByteBuffer.allocate(line.length() + 2 + value.length + 2)
                .put(line.getBytes(US_ASCII))
                .put((byte) '\r')
                .put((byte) '\n')
                .put(value)
                .put((byte) '\r')
                .put((byte) '\n')
                .array();
    }
}
