package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Optional;
import net.rubyeye.xmemcached.command.CommandType;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.StoredItem;

/** {@code gets} of one key: {@code VALUE key flags bytes version}, the bytes, {@code END}. */
final class LoadCommand extends ServerCommand<Optional<StoredItem>> {

    private static final int KEY = 1;
    private static final int LENGTH = 3;
    private static final int VERSION = 4;

    private final String wanted;
    private final int longest;
    private byte[] value;
    private int filled;
    private long version;
    private boolean valueEnded;

    /**
     * @param longest bytes of a value; a server that announces more is not believed, lest it makes
     *     us run out of memory
     */
    LoadCommand(ItemKey key, int longest) {
        // GETS_ONE would let xmemcached merge several into one, and mix up who asked for what
        super("gets", CommandType.GETS_MANY, ("gets " + key.text() + "\r\n").getBytes(US_ASCII));
        wanted = key.text();
        this.longest = longest;
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
            header(line.split(" ", -1));
        }
        return fill(bytes) && valueEnds(bytes) && end(bytes);
    }

    private void header(String[] words) {
        if (words.length != VERSION + 1 || !words[KEY].equals(wanted)) {
            throw new AlienAnswerException("the item of another key");
        }
        int length;
        try {
            length = Integer.parseInt(words[LENGTH]);
            version = Long.parseUnsignedLong(words[VERSION]);
        } catch (NumberFormatException notANumber) {
            throw new AlienAnswerException("an item whose length or version is no number");
        }
        if (length < 0 || length > longest) {
            throw new AlienAnswerException("an item of " + length + " bytes");
        }
        value = new byte[length];
    }

    private boolean fill(ByteBuffer bytes) {
        int now = Math.min(bytes.remaining(), value.length - filled);
        bytes.get(value, filled, now);
        filled += now;
        return filled == value.length;
    }

    private boolean valueEnds(ByteBuffer bytes) {
        if (valueEnded) {
            return true;
        }
        if (bytes.remaining() < 2) {
            return false;
        }
        if (bytes.get() != '\r' || bytes.get() != '\n') {
            throw new AlienAnswerException("an item longer than announced");
        }
        valueEnded = true;
        return true;
    }

    private boolean end(ByteBuffer bytes) {
        String line = line(bytes);
        if (line == null) {
            return false;
        }
        if (!line.equals("END")) {
            throw new AlienAnswerException("more than one item");
        }
        complete(Optional.of(new StoredItem(value, version)));
        return true;
    }
}
