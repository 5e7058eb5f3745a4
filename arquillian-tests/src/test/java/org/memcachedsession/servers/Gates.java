package org.memcachedsession.servers;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Where one request waits until another one lets it go on. Names are used once. */
@ApplicationScoped
public class Gates {

    private static final int PATIENCE_SECONDS = 60;

    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

    public void open(String name) {
        gate(name).countDown();
    }

    public void await(String name) {
        try {
            if (!gate(name).await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody opened the gate " + name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted at the gate " + name, e);
        }
    }

    private CountDownLatch gate(String name) {
        return gates.computeIfAbsent(name, n -> new CountDownLatch(1));
    }
}
