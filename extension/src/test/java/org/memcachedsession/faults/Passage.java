package org.memcachedsession.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One connection through a {@link FaultProxy}: a thread reads and another one writes, each way. */
final class Passage {

    private static final int CHUNK = 64 * 1024;

    private final Socket node;
    private final Socket server;
    private final Flow flow;
    private final Consumer<Passage> onEnd;
    private final Lane toServer = new Lane();
    private final Lane toNode = new Lane();
    private volatile Thread writingToServer;
    private volatile Thread writingToNode;

    Passage(Socket node, Socket server, Flow flow, Consumer<Passage> onEnd) {
        this.node = node;
        this.server = server;
        this.flow = flow;
        this.onEnd = onEnd;
    }

    /**
     * @param bytes empty: the connection ends here
     * @param due by {@link System#nanoTime()}
     */
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Parcel(byte[] bytes, long due) {}

    /** What is on its way to one side. */
    private final class Lane implements Meddler.Wire {

        private final BlockingQueue<Parcel> parcels = new LinkedBlockingQueue<>();

        @Override
        public void send(byte[] bytes) {
            send(bytes, Duration.ZERO);
        }

        @Override
        public void send(byte[] bytes, Duration later) {
            if (bytes.length > 0) {
                parcels.add(new Parcel(bytes, flow.due() + later.toNanos()));
            }
        }

        @Override
        public void end() {
            parcels.add(new Parcel(new byte[0], flow.due()));
        }

        void write(Socket socket) {
            try {
                OutputStream out = socket.getOutputStream();
                for (Parcel next = parcels.take(); ; next = parcels.take()) {
                    flow.await(next.due);
                    if (next.bytes.length == 0) {
                        return;
                    }
                    write(next.bytes, out);
                }
            } catch (IOException | InterruptedException ended) {
                // by either side, or by the test
            } finally {
                reset();
            }
        }

        private void write(byte[] bytes, OutputStream out)
                throws IOException, InterruptedException {
            for (int done = 0; done < bytes.length; ) {
                int slice = Math.min(bytes.length - done, flow.slice());
                flow.awaitPassage(slice);
                out.write(bytes, done, slice);
                done += slice;
            }
        }
    }

    /**
     * @param questions counts them
     * @param meddlers the same one again as long as the same fault is wanted
     */
    void begin(AtomicLong questions, Supplier<Supplier<Meddler>> meddlers) {
        writingToServer = Flow.daemon("to-server", () -> toServer.write(server));
        writingToNode = Flow.daemon("to-node", () -> toNode.write(node));
        Flow.daemon("from-node", () -> readQuestions(questions));
        Flow.daemon("from-server", () -> readAnswers(meddlers));
    }

    private void readQuestions(AtomicLong questions) {
        Messages messages = Messages.questions();
        read(
                node,
                toServer,
                (bytes, length) -> {
                    questions.addAndGet(messages.add(bytes, length).size());
                    toServer.send(Arrays.copyOf(bytes, length));
                });
    }

    private void readAnswers(Supplier<Supplier<Meddler>> meddlers) {
        Messages messages = Messages.answers();
        read(
                server,
                toNode,
                new Chunks() {
                    private Supplier<Meddler> kind = meddlers.get();
                    private Meddler meddler = kind.get();

                    @Override
                    public void take(byte[] bytes, int length) {
                        for (byte[] answer : messages.add(bytes, length)) {
                            if (kind != meddlers.get()) {
                                kind = meddlers.get();
                                meddler = kind.get();
                            }
                            meddler.answer(answer, toNode);
                        }
                    }
                });
    }

    private interface Chunks {
        void take(byte[] bytes, int length);
    }

    private static void read(Socket socket, Lane lane, Chunks chunks) {
        try {
            InputStream in = socket.getInputStream();
            byte[] chunk = new byte[CHUNK];
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                chunks.take(chunk, length);
            }
        } catch (IOException ended) {
            // by either side, or by the test
        } finally {
            lane.end();
        }
    }

    /** Both sides learn of it at once, and what was on its way is lost. */
    void reset() {
        for (Socket socket : new Socket[] {node, server}) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException closed) {
                // already
            }
        }
        for (Thread writing : new Thread[] {writingToServer, writingToNode}) {
            if (writing != null) {
                writing.interrupt();
            }
        }
        onEnd.accept(this);
    }
}
