package org.memcachedsession.servers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.memcachedsession.embedded.EmbeddedMemcached;
import org.memcachedsession.nodes.LocalMemcached;
import org.memcachedsession.nodes.NodeSettings;

/** What a test asks memcached itself, past the extension. */
public record Memcached(int port) {

    public static Memcached ofTheRun() {
        return new Memcached(Integer.getInteger("memcached.port"));
    }

    /**
     * Starts it on its port: the real one where it is on the PATH, which it must be in CI, else the
     * embedded one.
     */
    public AutoCloseable start() {
        if (LocalMemcached.isRealOnPath()) {
            return LocalMemcached.startReal(port);
        }
        if (Boolean.parseBoolean(System.getenv("CI"))) {
            throw new IllegalStateException(
                    "CI=true, but there is no memcached on the PATH: the tests on servers would show"
                            + " less than they promise. Install memcached");
        }
        return EmbeddedMemcached.builder().port(port).start();
    }

    /** As the setting of the servers wants it. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** A node that uses it, patiently: a busy build machine may stop everything for a while. */
    public NodeSettings usedBy(NodeSettings node) {
        return node.withSystemProperty("memcached.session.servers", address())
                .withSystemProperty("memcached.session.operation-timeout", "PT10S");
    }

    /** What memcached has been asked so far, by whomever. */
    public Counts counts() {
        Map<String, String> stats = stats();
        return new Counts(
                Long.parseLong(stats.get("cmd_get")),
                Long.parseLong(stats.get("cmd_set")),
                Long.parseLong(stats.get("cas_hits")),
                Long.parseLong(stats.get("delete_hits")));
    }

    /** Forgets all sessions of all browsers, as a restart of memcached would. */
    public void flush() {
        String answer = ask("flush_all").readLineOrThrow();
        if (!"OK".equals(answer)) {
            throw new IllegalStateException("flush_all was answered by " + answer);
        }
    }

    /** Puts other bytes in the place of an item, as whoever may write to memcached can. */
    public void overwrite(String key, String bytes) {
        String command = "set %s 0 60 %d\r\n%s".formatted(key, bytes.length(), bytes);
        try (Conversation conversation = ask(command)) {
            String answer = conversation.readLineOrThrow();
            if (!"STORED".equals(answer)) {
                throw new IllegalStateException("set was answered by " + answer);
            }
        }
    }

    private Map<String, String> stats() {
        Map<String, String> stats = new HashMap<>();
        try (Conversation conversation = ask("stats")) {
            for (String line = conversation.readLineOrThrow();
                    !line.equals("END");
                    line = conversation.readLineOrThrow()) {
                String[] words = line.split(" ", 3);
                stats.put(words[1], words[2]);
            }
        }
        return stats;
    }

    private Conversation ask(String command) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return new Conversation(
                    socket,
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Since the start. Not how many items there are: memcached clears away what has expired when it
     * finds the time.
     *
     * @param gets keys that were asked for
     * @param writes of any kind: set, add, cas
     * @param replacements items replaced by cas; a write that is none has made an item
     * @param deletions items deleted
     */
    public record Counts(long gets, long writes, long replacements, long deletions) {}

    private record Conversation(Socket socket, BufferedReader answers) implements AutoCloseable {

        String readLineOrThrow() {
            try {
                String line = answers.readLine();
                if (line == null) {
                    throw new IOException("memcached closed the connection");
                }
                return line;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
