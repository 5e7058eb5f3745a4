package org.memcachedsession.embedded;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.util.Optional;

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
            ReplyWriter out = new ReplyWriter(socket.getOutputStream());
            converse(new RequestReader(socket.getInputStream(), out), out);
        } catch (IOException e) {
            // the client has gone, or the server is being closed: nobody is left to be told
        }
    }

    private void converse(RequestReader in, ReplyWriter out) throws IOException {
        boolean goesOn = true;
        while (goesOn) {
            Optional<String> line = in.line();
            goesOn = line.isPresent() && commands.execute(new CommandLine(line.get()), in, out);
        }
        out.flush();
    }

    /** Ends the conversation from outside: what waits for the client fails. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
