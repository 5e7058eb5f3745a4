package org.memcachedsession.embedded;

import java.io.IOException;

/**
 * An answer made while the items were locked and written once they no longer are: a client that does
 * not read must not hold up the others.
 */
final class Reply {

    static final Reply SILENCE = new Reply(null, null);

    private final String line;
    private final byte[] block;

    private Reply(String line, byte[] block) {
        this.line = line;
        this.block = block;
    }

    static Reply of(String line) {
        return new Reply(line, null);
    }

    /** @param block null without one */
    static Reply of(String line, byte[] block) {
        return new Reply(line, block);
    }

    void writeTo(ReplyWriter out) throws IOException {
        if (line != null) {
            out.line(line);
        }
        if (block != null) {
            out.block(block);
        }
    }
}
