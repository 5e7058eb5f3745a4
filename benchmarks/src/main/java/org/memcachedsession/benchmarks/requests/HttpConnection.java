package org.memcachedsession.benchmarks.requests;

import java.io.IOException;
import java.net.Socket;

/** One request after the other over a blocking socket that stays open as long as the server lets it. For one thread. */
final class HttpConnection implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;

    private final int port;
    private Socket socket;
    private AnswerReader answers;

    /** Of 127.0.0.1. */
    HttpConnection(int port) throws IOException {
        this.port = port;
        open();
    }

    private void open() throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        answers = new AnswerReader(socket.getInputStream());
    }

    Answer send(byte[] request) throws IOException {
        if (socket.isClosed()) {
            open();
        }
        socket.getOutputStream().write(request);
        Answer answer = answers.read();
        if (answer.closes()) {
            socket.close();
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
