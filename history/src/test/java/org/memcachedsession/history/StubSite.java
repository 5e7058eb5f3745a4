package org.memcachedsession.history;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Two addresses of one site that answers as the WAR of the checker does; one request after the other. */
final class StubSite implements AutoCloseable {

    private record Session(String fingerprint, Map<Integer, String> beans) {}

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<HttpServer> servers;
    private final Map<String, Session> sessions = new HashMap<>();
    private int begun;
    private int served;

    /** Every so many requests a session is forgotten; 0 for never. */
    private final int forgets;

    /** Every so many requests one is answered 503; 0 for never. */
    private final int fails;

    StubSite(int forgets, int fails) {
        this.forgets = forgets;
        this.fails = fails;
        servers = List.of(start(), start());
    }

    private HttpServer start() {
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/history/api/", this::serve);
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<URI> nodes() {
        return servers.stream()
                .map(
                        server ->
                                URI.create(
                                        "http://127.0.0.1:%d/history/"
                                                .formatted(server.getAddress().getPort())))
                .toList();
    }

    private synchronized void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String what = path.substring(path.lastIndexOf('/') + 1);
        String id =
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Cookie"))
                        .map(cookie -> cookie.substring("sid=".length()))
                        .orElse(null);
        served++;
        if (forgets > 0 && served % forgets == 0) {
            sessions.remove(id);
        }
        if (fails > 0 && served % fails == 0) {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
            return;
        }
        String view =
                switch (what) {
                    case "idle" -> "- UNASKED";
                    case "read" -> view(sessions.get(id), id, new TreeSet<>(List.of(0, 1, 2)));
                    case "end" -> end(exchange, id);
                    default -> write(exchange, id, query(exchange.getRequestURI()));
                };
        exchange.getResponseHeaders().add("History", view);
        // without a body: head and body apart would wait for each other's acknowledgement
        exchange.sendResponseHeaders(what.endsWith("redirect") ? 303 : 200, -1);
        exchange.close();
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new HashMap<>();
        for (String pair : uri.getQuery().split("&")) {
            query.put(pair.split("=")[0], pair.split("=")[1]);
        }
        return query;
    }

    private static String view(Session session, String id, SortedSet<Integer> beans) {
        if (session == null) {
            return "- " + (id == null ? "NONE_SENT" : "UNKNOWN");
        }
        StringBuilder view = new StringBuilder(session.fingerprint() + " LOADED");
        for (int bean : beans) {
            String tag = session.beans().get(bean);
            view.append(" ").append(bean).append("=").append(tag == null ? "-" : tag + "/" + tag);
        }
        return view.toString();
    }

    private String end(HttpExchange exchange, String id) {
        Session session = sessions.remove(id);
        if (session == null) {
            return view(null, id, new TreeSet<>());
        }
        exchange.getResponseHeaders().add("Set-Cookie", "sid=; Max-Age=0; Path=/; HttpOnly");
        return session.fingerprint() + " ENDED";
    }

    private String write(HttpExchange exchange, String id, Map<String, String> query) {
        SortedSet<Integer> beans = new TreeSet<>();
        Arrays.stream(query.get("beans").split(",")).map(Integer::valueOf).forEach(beans::add);
        Session session = sessions.get(id);
        if (session == null) {
            begun++;
            session = new Session("f" + begun, new TreeMap<>());
            sessions.put("id" + begun, session);
            exchange.getResponseHeaders().add("Set-Cookie", "sid=id" + begun + "; Path=/");
        }
        String view = view(session, id, beans);
        for (int bean : beans) {
            session.beans().put(bean, query.get("tag"));
        }
        return session.fingerprint().equals("f" + begun) && !("id" + begun).equals(id)
                ? view.replace("LOADED", "CREATED")
                : view;
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
        threads.shutdownNow();
    }
}
