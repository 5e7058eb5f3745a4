package org.memcachedsession.embedded;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Answers to one client, collected until the next flush. */
final class ReplyWriter {

    private static final int BUFFER_SIZE = 16 * 1024;
    private static final byte[] LINE_END = {'\r', '\n'};

    private final OutputStream out;

    ReplyWriter(OutputStream out) {
        this.out = new BufferedOutputStream(out, BUFFER_SIZE);
    }

    void line(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.write(LINE_END);
    }

    void block(byte[] data) throws IOException {
        out.write(data);
        out.write(LINE_END);
    }

    void flush() throws IOException {
        out.flush();
    }
}
