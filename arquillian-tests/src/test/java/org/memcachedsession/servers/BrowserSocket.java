package org.memcachedsession.servers;

import java.net.CookieHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.memcachedsession.servers.Browser.Answer;

/** A WebSocket that a browser has opened, with its cookies. For one thread at a time. */
public final class BrowserSocket implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;
    private static final int SWITCHING_PROTOCOLS = 101;

    private final Inbox inbox;
    private final WebSocket socket;

    private BrowserSocket(Inbox inbox, WebSocket socket) {
        this.inbox = inbox;
        this.socket = socket;
    }

    /** The browser keeps the cookies that the answer to the handshake gives. */
    public static BrowserSocket open(Browser browser, String path) {
        Inbox inbox = new Inbox();
        WebSocket.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .cookieHandler(new CookiesOfTheAnswer(browser))
                        .build()
                        .newWebSocketBuilder();
        browser.cookieHeader().ifPresent(cookies -> builder.header("Cookie", cookies));
        URI http = browser.uri(path);
        URI uri = URI.create("ws" + http.toString().substring("http".length()));
        return new BrowserSocket(
                inbox,
                builder.buildAsync(uri, inbox)
                        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .join());
    }

    /** Sends a message and waits for the answer. */
    public String ask(String message) {
        send(message);
        return answer();
    }

    /** Sends a message, whose answer may come when it likes. */
    public void send(String message) {
        socket.sendText(message, true).join();
    }

    public String answer() {
        return (String) inbox.take();
    }

    /** Sends a message and waits for the answer. */
    public byte[] ask(byte[] message) {
        socket.sendBinary(ByteBuffer.wrap(message), true).join();
        return (byte[]) inbox.take();
    }

    /** As a page does that the user leaves; the server may have seen it or not. */
    @Override
    public void close() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }

    /** The client of a WebSocket shows the answer to its handshake here alone. */
    private static final class CookiesOfTheAnswer extends CookieHandler {

        private final Browser browser;

        CookiesOfTheAnswer(Browser browser) {
            this.browser = browser;
        }

        @Override
        public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
            return Map.of(); // those of the browser are sent as with a request
        }

        @Override
        public void put(URI uri, Map<String, List<String>> headers) {
            browser.keepCookies(new Answer(SWITCHING_PROTOCOLS, headers, ""));
        }
    }

    /** Messages come in one part, as they are short. */
    private static final class Inbox implements WebSocket.Listener {

        private final BlockingQueue<Object> messages = new LinkedBlockingQueue<>();

        Object take() {
            try {
                Object message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (message == null) {
                    throw new IllegalStateException("no answer came");
                }
                return message;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }

        private CompletionStage<?> keep(WebSocket socket, Object message) {
            messages.add(message);
            socket.request(1);
            return CompletableFuture.completedStage(message);
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            return keep(socket, text.toString());
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            return keep(socket, bytes);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            return keep(socket, "closed: " + code + " " + reason);
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            messages.add("broken: " + failure);
        }
    }
}
