package org.memcachedsession.embedded;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;

/** The conversation with one client, on a thread of its own. */
final class Connection implements Runnable, Closeable {

    private final Socket socket;
    private final Commands commands;

    Connection(Socket socket, Commands commands) {
        this.socket = socket;
        this.commands = commands;
    }

    @Override
    public void run() {
        try (socket) {
            socket.setTcpNoDelay(true);
            commands.converse(socket.getInputStream(), socket.getOutputStream());
        } catch (IOException e) {
            // the client has gone, or the server is being closed: nobody is left to be told
        }
    }

    /** Ends the conversation from outside: what waits for the client fails. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
