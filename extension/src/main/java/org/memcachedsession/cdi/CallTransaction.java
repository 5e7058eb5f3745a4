package org.memcachedsession.cdi;

import java.util.Optional;
import java.util.function.Consumer;
import javax.naming.NamingException;

/** The transaction that a method has run in, and that goes on after it. */
interface CallTransaction {

    /**
     * @param committed told once: when the transaction is over, on whatever thread, or at once if nothing
     *     can come of it any more
     */
    void whenOver(Consumer<Boolean> committed);

    /** Empty also on a server without transactions. */
    static Optional<CallTransaction> ofThisThread() {
        try {
            return JtaTransaction.ofThisThread();
        } catch (NamingException | NoClassDefFoundError none) {
            return Optional.empty();
        }
    }
}
