package org.memcachedsession.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;

/**
 * Saves before anything that sends the answer off: redirect, error, flush, close, the last byte of a
 * known length, and the byte that no longer fits into the buffer.
 */
final class SavingResponse extends HttpServletResponseWrapper {

    private static final String CONTENT_LENGTH = "Content-Length";

    private final Exchange exchange;
    private SavingOutputStream stream;
    private PrintWriter writer;
    private long contentLength = -1;
    private long written;

    SavingResponse(HttpServletResponse response, Exchange exchange) {
        super(response);
        this.exchange = exchange;
    }

    /** Called before bytes go on. */
    void beforeBytes(long count) {
        boolean wasAllWritten = isAllWritten();
        written += count;
        if (isAllWritten() && !wasAllWritten) {
            exchange.beforeEndOfAnswer();
        } else if (isAllWritten() || written >= getBufferSize()) {
            exchange.beforeBytes(isAllWritten());
        }
    }

    void beforeClose() {
        if (isAllWritten()) {
            exchange.beforeBytes(true); // it has left already
        } else {
            exchange.beforeEndOfAnswer();
        }
    }

    private boolean isAllWritten() {
        return contentLength >= 0 && written >= contentLength;
    }

    Exchange exchange() {
        return exchange;
    }

    @Override
    public void setStatus(int status) {
        super.setStatus(exchange.status(status));
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        exchange.beforeAnswer();
        super.sendError(exchange.status(status), message);
    }

    @Override
    public void sendError(int status) throws IOException {
        exchange.beforeAnswer();
        super.sendError(exchange.status(status));
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        exchange.beforeAnswer();
        super.sendRedirect(location);
    }

    @Override
    public void flushBuffer() throws IOException {
        exchange.beforeAnswer();
        super.flushBuffer();
    }

    @Override
    public void reset() {
        super.reset();
        written = 0;
        contentLength = -1;
        stream = null;
        writer = null;
        exchange.completeHead(); // the session may be stored already: its cookie is needed
    }

    /**
     * The answer cannot be finished as it was begun: another one follows, whose length is not what was
     * said.
     */
    void dropUnsent() {
        if (!isCommitted()) {
            resetBuffer();
            contentLength = -1;
            super.setContentLengthLong(-1);
        }
    }

    @Override
    public void resetBuffer() {
        super.resetBuffer();
        written = 0;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        if (stream == null) {
            stream = new SavingOutputStream(super.getOutputStream(), this);
        }
        return stream;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        if (writer == null) {
            PrintWriter plain = super.getWriter();
            writer =
                    new PrintWriter(new SavingWriter(plain, this, bytesPerCharacter())) {
                        @Override
                        public boolean checkError() {
                            return super.checkError() || plain.checkError();
                        }
                    };
        }
        return writer;
    }

    /** At most: a save too early is only followed by another. */
    private float bytesPerCharacter() {
        try {
            return Charset.forName(getCharacterEncoding()).newEncoder().maxBytesPerChar();
        } catch (IllegalCharsetNameException
                | UnsupportedCharsetException
                | UnsupportedOperationException e) {
            return 4;
        }
    }

    @Override
    public void setContentLength(int length) {
        noteLength(length);
        super.setContentLength(length);
    }

    @Override
    public void setContentLengthLong(long length) {
        noteLength(length);
        super.setContentLengthLong(length);
    }

    @Override
    public void setHeader(String name, String value) {
        noteHeader(name, value);
        super.setHeader(name, value);
    }

    @Override
    public void addHeader(String name, String value) {
        noteHeader(name, value);
        super.addHeader(name, value);
    }

    @Override
    public void setIntHeader(String name, int value) {
        noteHeader(name, Integer.toString(value));
        super.setIntHeader(name, value);
    }

    @Override
    public void addIntHeader(String name, int value) {
        noteHeader(name, Integer.toString(value));
        super.addIntHeader(name, value);
    }

    private void noteHeader(String name, String value) {
        if (CONTENT_LENGTH.equalsIgnoreCase(name) && value != null) {
            try {
                noteLength(Long.parseLong(value.trim()));
            } catch (NumberFormatException e) {
                contentLength = -1; // the server says what it thinks of it
            }
        }
    }

    private void noteLength(long length) {
        contentLength = length;
        if (written > 0 && isAllWritten()) {
            exchange.beforeEndOfAnswer(); // with that the server takes the answer for complete
        }
    }
}
