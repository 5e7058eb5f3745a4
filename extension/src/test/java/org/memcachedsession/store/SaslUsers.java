package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.memcachedsession.SessionSettings.Credentials;

/**
 * The users of a memcached that was started with {@code -S}, one at a time. Cyrus SASL asks for them here, as it asks
 * its own saslauthd elsewhere: four texts with their lengths in front, the first two being name and password.
 */
final class SaslUsers implements AutoCloseable {

    private final Path directory;
    private final ServerSocketChannel listening;
    private volatile Credentials known;

    /**
     * @param directory a new one, for the socket and the configuration; its path has to be short
     */
    SaslUsers(Path directory, Credentials known) throws IOException {
        this.directory = directory;
        this.known = known;
        Path socket = directory.resolve("mux");
        Files.writeString(
                directory.resolve("memcached.conf"),
                "mech_list: plain\npwcheck_method: saslauthd\nsaslauthd_path: " + socket + "\n");
        listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listening.bind(UnixDomainSocketAddress.of(socket));
        Thread thread = new Thread(this::answer, "sasl-users");
        thread.setDaemon(true);
        thread.start();
    }

    /** What memcached needs in its environment to ask here. */
    Map<String, String> environment() {
        return Map.of("SASL_CONF_PATH", directory.toString());
    }

    /** From now on nobody else is known. */
    void know(Credentials other) {
        known = other;
    }

    private void answer() {
        while (true) {
            try (SocketChannel asking = listening.accept()) {
                DataInputStream in = new DataInputStream(Channels.newInputStream(asking));
                String username = text(in);
                String password = text(in);
                text(in); // service
                text(in); // realm
                boolean isKnown =
                        username.equals(known.username()) && password.equals(known.password());
                byte[] answer = (isKnown ? "OK" : "NO").getBytes(US_ASCII);
                ByteBuffer out = ByteBuffer.allocate(2 + answer.length);
                out.putShort((short) answer.length).put(answer).flip();
                asking.write(out);
            } catch (IOException closed) {
                if (!listening.isOpen()) {
                    return;
                }
            }
        }
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readUnsignedShort()), UTF_8);
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
