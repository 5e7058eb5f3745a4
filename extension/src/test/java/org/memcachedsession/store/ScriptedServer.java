package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A server that answers what the test wants, and sometimes that is nothing. It reads lines, one
 * conversation per thread. Whether it knows the meta commands, it says by itself.
 */
final class ScriptedServer implements AutoCloseable {

    /** What is answered; null ends the conversation. */
    interface Script {
        /**
         * An answer.
         *
         * @param line the request, or the value that belongs to one
         * @param conversation 1 for the first one that ever came, then 2, 3, ...
         */
        String answer(String line, int conversation) throws InterruptedException;
    }

    private static final String PROBE = "mg memcached-session-probe-";
    private static final String REVIEW = "stats settings";

    private final ServerSocket listening;
    private volatile boolean knowsMeta;
    private volatile String review = "ERROR\r\n";
    private final Script script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    ScriptedServer(Script script) {
        this(InetAddress.getLoopbackAddress(), 0, script);
    }

    ScriptedServer(InetAddress address, int port, Script script) {
        try {
            listening = new ServerSocket(port, 50, address);
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        this.script = script;
        daemon(this::accept);
    }

    /** It answers the first question of each connection as one that knows the meta commands. */
    void knowMeta() {
        knowsMeta = true;
    }

    /**
     * What it answers when it is asked for its settings; of itself it does not know the question.
     *
     * @param answer null ends the conversation, "" is no answer
     */
    void tell(String answer) {
        review = answer;
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        for (int conversation = 1; ; conversation++) {
            int number = conversation;
            try {
                Socket socket = listening.accept();
                open.add(socket);
                daemon(() -> converse(socket, number));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private String probed(String line) {
        return knowsMeta ? "EN " + line.substring(line.lastIndexOf('O')) + "\r\n" : "ERROR\r\n";
    }

    private void converse(Socket socket, int number) {
        try (socket) {
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String answer =
                        line.startsWith(PROBE)
                                ? probed(line)
                                : line.equals(REVIEW) ? review : script.answer(line, number);
                if (answer == null) {
                    return;
                }
                socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
            }
        } catch (IOException | InterruptedException ended) {
            // by the client or by close
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "scripted-server");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
