package org.memcachedsession.servers.socket;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Where one thread waits for what another one leaves. Names are used once. */
@ApplicationScoped
class Letters {

    private static final int PATIENCE_SECONDS = 60;

    private final Map<String, CompletableFuture<String>> letters = new ConcurrentHashMap<>();

    void leave(String name, String text) {
        letter(name).complete(text);
    }

    /** The text, as soon as it is there. */
    String await(String name) throws Exception {
        return letter(name).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private CompletableFuture<String> letter(String name) {
        return letters.computeIfAbsent(name, n -> new CompletableFuture<>());
    }
}
