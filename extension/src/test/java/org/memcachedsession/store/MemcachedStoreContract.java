package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.memcachedsession.SessionSettings.Authentication;
import org.memcachedsession.SessionSettings.Credentials;
import org.memcachedsession.SessionSettings.Server;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore;

/** The contract, passed by the store for memcached on whatever listens on a port. */
abstract class MemcachedStoreContract extends SessionStoreContract {

    /** Where the server of this test class listens. It is shared by its tests, so emptied first. */
    abstract int port();

    @Override
    protected SessionStore open() {
        ask("flush_all");
        MemcachedStoreParameters parameters =
                new MemcachedStoreParameters(
                        List.of(new Server("127.0.0.1", storePort(), 1)),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        connections(),
                        SIZE_LIMIT);
        return new MemcachedSessionStore(credentials().map(parameters::as).orElse(parameters));
    }

    /** Who asks, where the server wants to know. */
    Optional<Credentials> credentials() {
        return Optional.empty();
    }

    /** Where the store asks, if that is not there. */
    int storePort() {
        return port();
    }

    int connections() {
        return 1;
    }

    @Override
    protected long secondsLeft(ItemKey key) {
        String answer = ask("mg " + key.text() + " t");
        return Long.parseLong(answer.replaceAll("HD t", ""));
    }

    @Override
    protected void awaitExpiry(SessionStore store, ItemKey key) {
        Patience.until("the item has expired", () -> store.load(key).isEmpty());
    }

    private String ask(String line) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            BufferedReader answers =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            if (credentials().isPresent()
                    && credentials().get().authentication() == Authentication.TOKEN) {
                String token =
                        credentials().get().username() + ' ' + credentials().get().password();
                int length = token.getBytes(UTF_8).length;
                socket.getOutputStream()
                        .write(("set k 0 0 " + length + "\r\n" + token + "\r\n").getBytes(UTF_8));
                answers.readLine();
            }
            socket.getOutputStream().write((line + "\r\n").getBytes(US_ASCII));
            return answers.readLine();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
