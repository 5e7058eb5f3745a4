package org.memcachedsession.cdi;

import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Consumer;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * A transaction of Jakarta Transactions. Nobody else links to them, since not every server has them.
 */
final class JtaTransaction implements CallTransaction, Synchronization {

    private static final Logger LOG = System.getLogger(JtaTransaction.class.getName());

    private Optional<Boolean> committed;
    private Consumer<Boolean> told = outcome -> {};

    private JtaTransaction(Optional<Boolean> committed) {
        this.committed = committed;
    }

    /**
     * @throws NamingException there are none
     */
    @SuppressWarnings("BanJNDI") // a name of our own
    static Optional<CallTransaction> ofThisThread() throws NamingException {
        TransactionSynchronizationRegistry registry =
                InitialContext.doLookup("java:comp/TransactionSynchronizationRegistry");
        return switch (registry.getTransactionStatus()) {
            case Status.STATUS_ACTIVE -> Optional.of(watched(registry));
            case Status.STATUS_MARKED_ROLLBACK -> Optional.of(rolledBack());
            default -> Optional.empty();
        };
    }

    private static CallTransaction watched(TransactionSynchronizationRegistry registry) {
        JtaTransaction transaction = new JtaTransaction(Optional.empty());
        try {
            registry.registerInterposedSynchronization(transaction);
            return transaction;
        } catch (IllegalStateException timedOutMeanwhile) {
            return rolledBack();
        }
    }

    private static CallTransaction rolledBack() {
        return new JtaTransaction(Optional.of(false));
    }

    @Override
    public void whenOver(Consumer<Boolean> listener) {
        Optional<Boolean> known;
        synchronized (this) {
            told = listener;
            known = committed;
        }
        known.ifPresent(listener);
    }

    @Override
    public void beforeCompletion() {}

    @Override
    public void afterCompletion(int status) {
        Consumer<Boolean> listener;
        boolean outcome = status == Status.STATUS_COMMITTED;
        synchronized (this) {
            committed = Optional.of(outcome);
            listener = told;
        }
        try {
            listener.accept(outcome);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "What follows a transaction has failed", e);
        }
    }
}
