package org.memcachedsession.embedded;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A client that knows nothing of the protocol but how to tell that an answer has ended. */
final class Client implements Closeable {

    private static final byte[] LAST_QUESTION = bytes("mg ~end~ k\r\n");
    private static final byte[] LAST_ANSWER = bytes("EN k~end~\r\n");
    private static final int ANSWER_DEADLINE_IN_MILLIS = 30_000;

    private final Socket socket = new Socket();
    private boolean closedByServer;

    Client(InetSocketAddress server) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(ANSWER_DEADLINE_IN_MILLIS);
        socket.connect(server);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    void send(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
    }

    /** Sends whole commands and waits for all they answer. */
    byte[] ask(byte[] request) throws IOException {
        byte[] both = Arrays.copyOf(request, request.length + LAST_QUESTION.length);
        System.arraycopy(LAST_QUESTION, 0, both, request.length, LAST_QUESTION.length);
        try {
            OutputStream out = socket.getOutputStream();
            out.write(both);
            return readToLastAnswer();
        } catch (SocketException e) {
            closedByServer = true;
            return new byte[0];
        }
    }

    String ask(String request) throws IOException {
        return new String(ask(bytes(request)), StandardCharsets.ISO_8859_1);
    }

    private byte[] readToLastAnswer() throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        byte[] buffer = new byte[64 * 1024];
        while (!endsWithLastAnswer(answer)) {
            int count = socket.getInputStream().read(buffer);
            if (count < 0) {
                closedByServer = true;
                return answer.toByteArray();
            }
            answer.write(buffer, 0, count);
        }
        return Arrays.copyOf(answer.toByteArray(), answer.size() - LAST_ANSWER.length);
    }

    private static boolean endsWithLastAnswer(ByteArrayOutputStream answer) {
        int size = answer.size();
        if (size < LAST_ANSWER.length) {
            return false;
        }
        byte[] all = answer.toByteArray();
        return Arrays.equals(
                all, size - LAST_ANSWER.length, size, LAST_ANSWER, 0, LAST_ANSWER.length);
    }

    /**
     * Returns the CAS number that the server has given out last, on an empty server.
     */
    long forgetAllItems() throws IOException {
        String answer = ask("flush_all\r\nms ~cas~ 0 c\r\n\r\nmd ~cas~ q\r\n");
        return Long.parseUnsignedLong(answer.substring("OK\r\nHD c".length()).trim());
    }

    boolean isClosedByServer() {
        return closedByServer;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
