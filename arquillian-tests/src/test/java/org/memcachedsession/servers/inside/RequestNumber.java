package org.memcachedsession.servers.inside;

import jakarta.enterprise.context.RequestScoped;
import java.util.concurrent.atomic.AtomicInteger;

/** Differs from request to request. */
@RequestScoped
class RequestNumber {

    private static final AtomicInteger LAST = new AtomicInteger();

    private final int number = LAST.incrementAndGet();

    int number() {
        return number;
    }
}
