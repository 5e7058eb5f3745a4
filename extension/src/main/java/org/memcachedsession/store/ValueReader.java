package org.memcachedsession.store;

import java.nio.ByteBuffer;
import org.memcachedsession.store.ServerCommand.AlienAnswerException;

/** Takes the bytes of a value from an answer, however they come, and the line end behind them. */
final class ValueReader {

    /**
     * No session is longer, whatever the node that wrote it has for a limit. A server that announces more is
     * not believed, lest it makes us run out of memory.
     */
    static final int LONGEST = 128 * 1024 * 1024;

    private final byte[] value;
    private int filled;
    private boolean ended;

    /**
     * @param announced the length, as the server says
     * @throws AlienAnswerException no value has that length
     */
    ValueReader(String announced) {
        int length;
        try {
            length = Integer.parseInt(announced);
        } catch (NumberFormatException notANumber) {
            throw new AlienAnswerException("an item whose length is no number");
        }
        if (length < 0 || length > LONGEST) {
            throw new AlienAnswerException("an item of " + length + " bytes");
        }
        value = new byte[length];
    }

    /** Whether all is there; if not, call again when there are more bytes. */
    boolean read(ByteBuffer bytes) {
        if (ended) {
            return true;
        }
        int now = Math.min(bytes.remaining(), value.length - filled);
        bytes.get(value, filled, now);
        filled += now;
        if (filled < value.length || bytes.remaining() < 2) {
            return false;
        }
        if (bytes.get() != '\r' || bytes.get() != '\n') {
            throw new AlienAnswerException("an item longer than announced");
        }
        ended = true;
        return true;
    }

    byte[] value() {
        return value;
    }
}
