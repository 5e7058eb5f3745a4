package org.memcachedsession.servers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A memcached whose answers to writes wait for the test: the item is stored, and whoever stored it
 * does not know yet. What is asked on the same connection meanwhile waits too, as it would behind a
 * slow answer. Speaks the text protocol without {@code noreply}.
 */
public final class HeldWrites implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;

    private static final Set<String> WRITES = Set.of("add", "set", "cas");

    /** Writes by the meta commands, and by which word for them a test knows one. */
    private static final String META_WRITE = "ms";

    private final LoopbackProxy proxy;
    private final BlockingQueue<Write> held = new LinkedBlockingQueue<>();
    private final List<Write> all = new ArrayList<>(); // guarded by this
    private boolean holding; // guarded by this

    private HeldWrites(Memcached memcached) {
        proxy = new LoopbackProxy(memcached.port(), Connection::new);
    }

    /** Lets all pass until it is told to hold. */
    public static HeldWrites inFrontOf(Memcached memcached) {
        return new HeldWrites(memcached);
    }

    /** As the setting of the servers wants it. */
    public String address() {
        return new Memcached(proxy.port()).address();
    }

    /** From now on each answer to a write waits until its write is released. */
    public synchronized void hold() {
        holding = true;
    }

    /** Releases what is held, also what a test took and left, and holds nothing more. */
    public synchronized void letPass() {
        holding = false;
        held.clear();
        all.forEach(Write::release);
        all.clear();
    }

    /** The next write that is held, as soon as there is one. The caller releases it. */
    public Write await() {
        try {
            Write write = held.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (write == null) {
                throw new IllegalStateException("nothing was written");
            }
            return write;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before a write came", e);
        }
    }

    /** The next write, if one is held now. The caller releases it. */
    public Optional<Write> poll() {
        return Optional.ofNullable(held.poll());
    }

    @Override
    public void close() {
        letPass();
        proxy.close();
    }

    private synchronized Optional<Write> holdIfWrite(String command) {
        if (!holding || !WRITES.contains(command)) {
            return Optional.empty();
        }
        Write write = new Write(command, new CountDownLatch(1));
        all.add(write);
        held.add(write);
        return Optional.of(write);
    }

    /**
     * A write that memcached has answered.
     *
     * @param command {@code add}, {@code set} or {@code cas}
     */
    public record Write(String command, CountDownLatch released) {

        /** Lets the answer arrive. */
        public void release() {
            released.countDown();
        }
    }

    /** One connection to memcached, which answers in the order in which it is asked. */
    private final class Connection implements LoopbackProxy.Conversation {

        private static final int LENGTH_OF_STORED = 4;
        private static final int LENGTH_OF_FOUND = 3;
        private static final int LENGTH_OF_META_STORED = 2;
        private static final int LENGTH_OF_META_FOUND = 1;

        private final Queue<String> unanswered = new ConcurrentLinkedQueue<>();
        private final Lines questions = new Lines();
        private final Lines answers = new Lines();
        private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
        private boolean endsWithItem;

        @Override
        public void asked(byte[] bytes, int length) {
            for (int i = 0; i < length; i++) {
                if (questions.endsWith(bytes[i])) {
                    String[] words = questions.takeWords();
                    unanswered.add(classicName(words));
                    if (words[0].equals(META_WRITE)) {
                        questions.skipItem(Integer.parseInt(words[LENGTH_OF_META_STORED]));
                    } else if (WRITES.contains(words[0])) {
                        questions.skipItem(Integer.parseInt(words[LENGTH_OF_STORED]));
                    }
                }
            }
        }

        private static String classicName(String[] words) {
            if (!words[0].equals(META_WRITE)) {
                return words[0];
            }
            List<String> flags = List.of(words).subList(LENGTH_OF_META_STORED + 1, words.length);
            return flags.contains("ME")
                    ? "add"
                    : flags.stream().anyMatch(flag -> flag.startsWith("C")) ? "cas" : "set";
        }

        @Override
        public void answered(byte[] bytes, int length, OutputStream client)
                throws IOException, InterruptedException {
            for (int i = 0; i < length; i++) {
                answer.write(bytes[i]);
                if (answers.endsWith(bytes[i])) {
                    String[] words = answers.takeWords();
                    endsWithItem = words[0].equals("VA");
                    if (endsWithItem) {
                        answers.skipItem(Integer.parseInt(words[LENGTH_OF_META_FOUND]));
                    } else if (words[0].equals("VALUE")) {
                        answers.skipItem(Integer.parseInt(words[LENGTH_OF_FOUND]));
                    } else if (!words[0].equals("STAT")) { // END follows
                        passOn(client);
                    }
                } else if (endsWithItem && answers.isAfterItem()) {
                    endsWithItem = false;
                    passOn(client);
                }
            }
        }

        private void passOn(OutputStream client) throws IOException, InterruptedException {
            Optional<Write> write = holdIfWrite(unanswered.remove());
            if (write.isPresent()) {
                write.get().released().await();
            }
            answer.writeTo(client);
            answer.reset();
        }
    }

    /** What one side says, cut into lines; the bytes of items are none. */
    private static final class Lines {

        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private int itemBytesLeft;

        /** Takes one byte more. Whether it ends a line. */
        boolean endsWith(byte next) {
            if (itemBytesLeft > 0) {
                itemBytesLeft--;
                return false;
            }
            line.write(next);
            return next == '\n';
        }

        /** Whether the item that was skipped is over, and nothing has come since. */
        boolean isAfterItem() {
            return itemBytesLeft == 0 && line.size() == 0;
        }

        String[] takeWords() {
            String[] words = line.toString(US_ASCII).trim().split(" ");
            line.reset();
            return words;
        }

        /** An item of so many bytes follows, and the end of its line. */
        void skipItem(int length) {
            itemBytesLeft = length + 2;
        }
    }
}
