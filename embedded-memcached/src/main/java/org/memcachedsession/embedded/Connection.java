package org.memcachedsession.embedded;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** The conversation with one client, on a thread of its own. */
final class Connection implements Runnable, Closeable {

    private final Socket socket;
    private final Commands commands;
    private final Statistics statistics;

    Connection(Socket socket, Commands commands, Statistics statistics) {
        this.socket = socket;
        this.commands = commands;
        this.statistics = statistics;
    }

    @Override
    public void run() {
        try (socket) {
            socket.setTcpNoDelay(true);
            commands.converse(counted(socket.getInputStream()), counted(socket.getOutputStream()));
        } catch (IOException e) {
            // the client has gone, or the server is being closed: nobody is left to be told
        }
    }

    private InputStream counted(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] bytes, int from, int most) throws IOException {
                int count = super.read(bytes, from, most);
                statistics.count(Stat.BYTES_READ, Math.max(0, count));
                return count;
            }
        };
    }

    private OutputStream counted(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                this.out.write(bytes, from, count);
                statistics.count(Stat.BYTES_WRITTEN, count);
            }
        };
    }

    /** Ends the conversation from outside: what waits for the client fails. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
