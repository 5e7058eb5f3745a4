package org.memcachedsession.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import org.memcachedsession.session.CurrentUnitOfWork;

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
        response.exchange().beforeAnswer();
        stream.flush();
    }

    @Override
    public void close() throws IOException {
        response.beforeClose();
        stream.close();
    }

    @Override
    public boolean isReady() {
        return stream.isReady();
    }

    /** From here on the server sends when it likes. */
    @Override
    public void setWriteListener(WriteListener listener) {
        response.exchange().beforeAnswer();
        stream.setWriteListener(
                listener == null ? null : new BoundListener(listener, response.exchange()));
    }

    /** The server calls it on threads that know nothing of the request. */
    private record BoundListener(WriteListener listener, Exchange exchange)
            implements WriteListener {

        @Override
        public void onWritePossible() throws IOException {
            try (CurrentUnitOfWork.Binding binding = exchange.bind()) {
                listener.onWritePossible();
            }
        }

        @Override
        public void onError(Throwable failure) {
            try (CurrentUnitOfWork.Binding binding = exchange.bind()) {
                listener.onError(failure);
            }
        }
    }
}
