package org.memcachedsession.servers.canary;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.memcachedsession.servers.LoopbackProxy;
import org.memcachedsession.servers.Memcached;

/** A memcached that remembers the keys it was asked for, and breaks off when it is told to. */
final class Overheard implements AutoCloseable {

    /** An item can hold such bytes by chance only. */
    private static final Pattern COMMAND =
            Pattern.compile(
                    "(?:mg|ms|md|gets|add|cas|replace|touch|delete) ([A-Za-z0-9_-]{43})[ \r]");

    private final LoopbackProxy proxy;
    private final Set<String> keys = new LinkedHashSet<>(); // guarded by this
    private volatile boolean breakingOff;

    private Overheard(Memcached memcached) {
        proxy = new LoopbackProxy(memcached.port(), Connection::new);
    }

    static Overheard inFrontOf(Memcached memcached) {
        return new Overheard(memcached);
    }

    /** As the setting of the servers wants it. */
    String address() {
        return new Memcached(proxy.port()).address();
    }

    /** All so far. */
    synchronized Set<String> keys() {
        return new LinkedHashSet<>(keys);
    }

    /** Whether each connection ends where its next answer should come. */
    void breakOff(boolean now) {
        breakingOff = now;
    }

    @Override
    public void close() {
        proxy.close();
    }

    private synchronized void remember(String key) {
        keys.add(key);
    }

    private final class Connection implements LoopbackProxy.Conversation {

        private static final int LONGEST_COMMAND = 100;

        private String lastBytes = "";

        @Override
        public void asked(byte[] bytes, int length) {
            String text = lastBytes + new String(bytes, 0, length, ISO_8859_1);
            Matcher command = COMMAND.matcher(text);
            while (command.find()) {
                remember(command.group(1));
            }
            lastBytes = text.substring(Math.max(0, text.length() - LONGEST_COMMAND));
        }

        @Override
        public void answered(byte[] bytes, int length, OutputStream client) throws IOException {
            if (breakingOff) {
                throw new IOException("broken off");
            }
            client.write(bytes, 0, length);
        }
    }
}
