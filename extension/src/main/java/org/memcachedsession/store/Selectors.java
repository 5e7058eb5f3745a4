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

    /** Before a client is made: the pool may have been emptied by another store's end. */
    static synchronized void open() throws IOException {
        if (SelectorFactory.getMaxSelectors() < SelectorFactory.DEFAULT_MAX_SELECTORS) {
            SelectorFactory.setMaxSelectors(SelectorFactory.DEFAULT_MAX_SELECTORS);
        }
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
