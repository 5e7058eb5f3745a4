package org.memcachedsession.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;

/** The answer's bytes on their way to the server's buffer. */
final class SavingOutputStream extends ServletOutputStream {

    private final ServletOutputStream stream;
    private final SavingResponse response;

    SavingOutputStream(ServletOutputStream stream, SavingResponse response) {
        this.stream = stream;
        this.response = response;
    }

    @Override
    public void write(int value) throws IOException {
        response.beforeBytes(1);
        stream.write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        response.beforeBytes(length);
        stream.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        response.beforeAnswer();
        stream.flush();
    }

    @Override
    public void close() throws IOException {
        response.beforeAnswer();
        stream.close();
    }

    @Override
    public boolean isReady() {
        return stream.isReady();
    }

    /** From here on the server sends when it likes. */
    @Override
    public void setWriteListener(WriteListener listener) {
        response.beforeAnswer();
        stream.setWriteListener(listener);
    }
}
