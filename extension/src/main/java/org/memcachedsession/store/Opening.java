package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import net.rubyeye.xmemcached.command.CommandType;
import org.memcachedsession.SessionSettings.Authentication;
import org.memcachedsession.SessionSettings.Credentials;

/** What is said first on each connection: who asks, and in which words. */
final class Opening {

    private final Optional<Credentials> credentials;

    Opening(Optional<Credentials> credentials) {
        this.credentials = credentials;
    }

    /**
     * Says it, and waits for the answers. A connection that is accepted may still lead to a server that hangs.
     *
     * @param patience for each of them
     * @return how to go on
     * @throws ExecutionException the connection is of no use; where the cause is a {@link
     *     ServerCommand.NotAuthenticatedException}, since the server does not know who asks
     */
    Protocol hold(ServerConnection connection, Duration patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (isBinary(credentials)) {
            ask(connection, BinaryProtocol.authenticate(credentials.get()), patience);
            return BinaryProtocol.INSTANCE;
        }
        if (credentials.isPresent()) {
            ask(connection, new Token(credentials.get()), patience);
        }
        boolean knowsMeta = ask(connection, MetaProtocol.probe(), patience);
        return knowsMeta ? MetaProtocol.INSTANCE : ClassicProtocol.INSTANCE;
    }

    /** Whether all of a connection is in the binary protocol: the first byte decides. */
    static boolean isBinary(Optional<Credentials> credentials) {
        return credentials.isPresent() && credentials.get().authentication() == Authentication.SASL;
    }

    private static <T> T ask(
            ServerConnection connection, ServerCommand<T> command, Duration patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        connection.write(command);
        return command.await(patience);
    }

    /**
     * The token of memcached's {@code -Y}, which has the form of a {@code set} under any key. A server without
     * stores it as what it looks like, over at once: nobody gets to read it.
     */
    private static final class Token extends ServerCommand<Void> {

        private static final String KEY = "memcached-session-token";

        Token(Credentials credentials) {
            super("set", CommandType.SET, request(credentials));
        }

        private static byte[] request(Credentials credentials) {
            byte[] token = (credentials.username() + ' ' + credentials.password()).getBytes(UTF_8);
            return withValue("set " + KEY + " 0 -1 " + token.length + "\r\n", token);
        }

        @Override
        boolean read(ByteBuffer bytes) {
            String line = line(bytes);
            if (line == null) {
                return false;
            }
            if (line.equals("STORED")) {
                complete(null);
                return true;
            }
            if (line.startsWith("CLIENT_ERROR ")) {
                setException(
                        new NotAuthenticatedException(
                                "it does not take the user name and password of"
                                        + " memcached.session.username and memcached.session.password."
                                        + " Correct them here, or in its file of users (-Y), which it"
                                        + " reads again at SIGHUP"));
                return true;
            }
            return refused(line);
        }
    }
}
