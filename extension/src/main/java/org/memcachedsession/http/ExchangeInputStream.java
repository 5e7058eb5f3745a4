package org.memcachedsession.http;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import org.memcachedsession.session.CurrentUnitOfWork;

/** The request's bytes, whose listener has the session of the request. */
final class ExchangeInputStream extends ServletInputStream {

    private final ServletInputStream stream;
    private final Exchange exchange;

    ExchangeInputStream(ServletInputStream stream, Exchange exchange) {
        this.stream = stream;
        this.exchange = exchange;
    }

    @Override
    public int read() throws IOException {
        return stream.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return stream.read(bytes, offset, length);
    }

    @Override
    public int readLine(byte[] bytes, int offset, int length) throws IOException {
        return stream.readLine(bytes, offset, length);
    }

    @Override
    public long skip(long count) throws IOException {
        return stream.skip(count);
    }

    @Override
    public int available() throws IOException {
        return stream.available();
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    @Override
    public boolean isFinished() {
        return stream.isFinished();
    }

    @Override
    public boolean isReady() {
        return stream.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
        stream.setReadListener(new BoundListener(listener, exchange));
    }

    /** The server calls it on threads that know nothing of the request. */
    private record BoundListener(ReadListener listener, Exchange exchange) implements ReadListener {

        @Override
        public void onDataAvailable() throws IOException {
            try (CurrentUnitOfWork.Binding binding = exchange.bind()) {
                listener.onDataAvailable();
            }
        }

        @Override
        public void onAllDataRead() throws IOException {
            try (CurrentUnitOfWork.Binding binding = exchange.bind()) {
                listener.onAllDataRead();
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
