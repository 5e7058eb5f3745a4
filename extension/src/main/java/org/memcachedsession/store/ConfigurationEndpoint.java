package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.memcachedsession.SessionSettings.Server;
import org.memcachedsession.SessionStoreException;

/**
 * The one address of a cloud service's pool that tells which servers this has, by {@code config get cluster}: Amazon
 * ElastiCache, Google Memorystore. A connection for each question, since it is asked seldom.
 */
public final class ConfigurationEndpoint {

    private static final byte[] QUESTION = "config get cluster\r\n".getBytes(UTF_8);
    private static final String HEAD = "CONFIG cluster ";
    private static final String END = "\r\nEND\r\n";
    private static final int LONGEST_ANSWER = 256 * 1024;

    private final Server address;
    private final Duration connectTimeout;
    private final Duration operationTimeout;

    public ConfigurationEndpoint(
            Server address, Duration connectTimeout, Duration operationTimeout) {
        this.address = address;
        this.connectTimeout = connectTimeout;
        this.operationTimeout = operationTimeout;
    }

    /**
     * Those of now, in an order that does not depend on the one in which they are told.
     *
     * @throws SessionStoreException no answer, or one that names no servers
     */
    public List<Server> servers() {
        String answer;
        try {
            answer = ask();
        } catch (IOException e) {
            throw new SessionStoreException(problem("does not answer: " + e.getMessage()), e);
        }
        return parse(answer);
    }

    private String ask() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(address.host(), address.port()), millis(connectTimeout));
            socket.setSoTimeout(millis(operationTimeout));
            socket.getOutputStream().write(QUESTION);
            return read(socket.getInputStream());
        }
    }

    /** To the end of the answer, or to that of the line where it is an error. */
    private String read(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        String answer = "";
        long begin = System.nanoTime();
        while (!isWhole(answer)) {
            int count = in.read(buffer);
            if (count < 0) {
                throw new IOException("the connection ended within the answer");
            }
            bytes.write(buffer, 0, count);
            if (bytes.size() > LONGEST_ANSWER) {
                throw new IOException("an answer of more than " + LONGEST_ANSWER + " bytes");
            }
            if (System.nanoTime() - begin > operationTimeout.toNanos()) {
                throw new IOException("an answer that comes too slowly");
            }
            answer = bytes.toString(UTF_8);
        }
        return answer;
    }

    private static boolean isWhole(String answer) {
        return answer.startsWith(HEAD.substring(0, Math.min(HEAD.length(), answer.length())))
                ? answer.endsWith(END)
                : answer.endsWith("\n");
    }

    /** {@code CONFIG cluster <flags> <length>}, the number of the list in a line, and the list in one. */
    private List<Server> parse(String answer) {
        if (!answer.startsWith(HEAD)) {
            throw new SessionStoreException(
                    problem(
                            "answers \""
                                    + ServerCommand.printable(answer.strip())
                                    + "\", as one that is no such endpoint does"));
        }
        String[] lines = answer.split("\r?\n", -1);
        List<Server> servers = new ArrayList<>();
        for (String text : lines.length < 3 ? new String[0] : lines[2].strip().split(" +", -1)) {
            servers.add(server(text));
        }
        if (servers.isEmpty()) {
            throw new SessionStoreException(problem("names no servers"));
        }
        servers.sort(Comparator.comparing(Server::host).thenComparingInt(Server::port));
        return servers;
    }

    /** {@code host|ip|port}; where there is no name, the address stands for it. */
    private Server server(String text) {
        String[] parts = text.split("\\|", -1);
        try {
            if (parts.length == 3 && !(parts[0] + parts[1]).isEmpty()) {
                return new Server(
                        parts[0].isEmpty() ? parts[1] : parts[0], Integer.parseInt(parts[2]));
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new SessionStoreException(
                problem("names a server as \"" + ServerCommand.printable(text) + "\""));
    }

    private String problem(String what) {
        return "MSS-83 the configuration endpoint "
                + address
                + " "
                + what
                + ". Correct memcached.session.servers, or write the servers themselves, without"
                + " discover:";
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(Math.max(1, duration.toMillis()));
    }
}
