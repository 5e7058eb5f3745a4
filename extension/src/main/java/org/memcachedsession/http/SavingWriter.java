package org.memcachedsession.http;

import java.io.PrintWriter;
import java.io.Writer;

/** The answer's characters on their way to the server's writer. */
final class SavingWriter extends Writer {

    private final PrintWriter writer;
    private final SavingResponse response;
    private final float bytesPerCharacter;

    SavingWriter(PrintWriter writer, SavingResponse response, float bytesPerCharacter) {
        this.writer = writer;
        this.response = response;
        this.bytesPerCharacter = bytesPerCharacter;
    }

    @Override
    public void write(char[] characters, int offset, int length) {
        response.beforeBytes((long) Math.ceil(length * (double) bytesPerCharacter));
        writer.write(characters, offset, length);
    }

    @Override
    public void flush() {
        response.exchange().beforeAnswer();
        writer.flush();
    }

    @Override
    public void close() {
        response.beforeClose();
        writer.close();
    }
}
