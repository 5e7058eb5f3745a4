package org.memcachedsession.benchmarks.application.floor;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The meta commands over one blocking socket per thread; a read prolongs the item's life by the way. */
final class SocketPerThread implements FloorClient {

    private final Queue<Connection> open = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<Connection> connections;

    SocketPerThread(String host, int port) {
        connections =
                ThreadLocal.withInitial(
                        () -> {
                            Connection connection = new Connection(host, port);
                            open.add(connection);
                            return connection;
                        });
    }

    @Override
    public Stored read(String key) {
        return connections.get().read(key);
    }

    @Override
    public void replace(String key, byte[] value, long version) {
        connections.get().store(key, value, " C" + version);
    }

    @Override
    public void set(String key, byte[] value) {
        connections.get().store(key, value, "");
    }

    @Override
    public void close() {
        open.forEach(Connection::close);
    }

    /** Of one thread. */
    private static final class Connection {

        private static final int BUFFER_BYTES = 64 * 1024;
        private static final byte[] LINE_END = {'\r', '\n'};

        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private final byte[] buffer = new byte[BUFFER_BYTES];
        private int filled;

        Connection(String host, int port) {
            try {
                socket = new Socket(host, port);
                socket.setTcpNoDelay(true);
                in = socket.getInputStream();
                out = socket.getOutputStream();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** {@code VA length cVERSION}, the bytes. */
        Stored read(String key) {
            try {
                out.write(("mg " + key + " v c T" + SECONDS_TO_LIVE + "\r\n").getBytes(US_ASCII));
                filled = 0;
                String line = line();
                String[] words = line.split(" ");
                if (!words[0].equals("VA")) {
                    throw new IllegalStateException("memcached answers " + line + " to mg");
                }
                int start = line.length() + LINE_END.length;
                int length = Integer.parseInt(words[1]);
                fill(start + length + LINE_END.length);
                long version = Long.parseLong(words[2].substring(1));
                return new Stored(Arrays.copyOfRange(buffer, start, start + length), version);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void store(String key, byte[] value, String condition) {
            byte[] head =
                    ("ms " + key + " " + value.length + " T" + SECONDS_TO_LIVE + condition + "\r\n")
                            .getBytes(US_ASCII);
            byte[] command = Arrays.copyOf(head, head.length + value.length + LINE_END.length);
            System.arraycopy(value, 0, command, head.length, value.length);
            System.arraycopy(LINE_END, 0, command, head.length + value.length, LINE_END.length);
            try {
                out.write(command);
                filled = 0;
                String line = line();
                if (!line.startsWith("HD")) {
                    throw new IllegalStateException("memcached answers " + line + " to ms");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private String line() throws IOException {
            int looked = 0;
            while (true) {
                for (; looked < filled; looked++) {
                    if (buffer[looked] == '\n') {
                        return new String(buffer, 0, looked - 1, US_ASCII);
                    }
                }
                fill(filled + 1);
            }
        }

        private void fill(int wanted) throws IOException {
            while (filled < wanted) {
                int count = in.read(buffer, filled, buffer.length - filled);
                if (count <= 0) {
                    throw new IOException("memcached has closed the connection, or says too much");
                }
                filled += count;
            }
        }

        void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
