package org.memcachedsession.store;

import com.google.code.yanf4j.nio.impl.Reactor;
import com.google.code.yanf4j.util.SelectorFactory;
import java.io.IOException;
import java.util.EmptyStackException;

/**
 * xmemcached's static pool of selectors, some forty file descriptors, which it never gives back: a
 * server would lose them with every redeployment.
 */
final class Selectors {

    private Selectors() {}

    /** Makes and starts a client. */
    interface Start {
        ServerClient start() throws IOException;
    }

    /**
     * Starts a client, and fills the pool first: another store's end may have emptied it. None can
     * empty it in between, and the client's reactor keeps it filled afterwards.
     */
    static synchronized ServerClient whileOpen(Start client) throws IOException {
        if (SelectorFactory.getMaxSelectors() < SelectorFactory.DEFAULT_MAX_SELECTORS) {
            SelectorFactory.setMaxSelectors(SelectorFactory.DEFAULT_MAX_SELECTORS);
        }
        return client.start();
    }

    /**
     * After a client was closed: gives the selectors back if it was the last that uses them. Not where
     * xmemcached is shared, in the server's own library folder say: then the pool is not ours.
     */
    static synchronized void closeIfUnused() {
        if (SelectorFactory.class.getClassLoader() != Selectors.class.getClassLoader()
                || Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(thread -> thread instanceof Reactor)) {
            return;
        }
        try {
            for (int left = SelectorFactory.getMaxSelectors() - 1; left >= 0; left--) {
                SelectorFactory.setMaxSelectors(left);
            }
        } catch (IOException | EmptyStackException oneIsInUse) {
            // the next store that ends takes the rest; one step at a time keeps the count true
        }
    }
}
