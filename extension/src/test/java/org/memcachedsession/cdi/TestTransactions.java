package org.memcachedsession.cdi;

import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.Transactional;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.spi.InitialContextFactory;

/**
 * Transactions as a server has them, one at a time and of whatever thread: the registry under its name in
 * JNDI, and the interceptor of {@link Transactional} where that stands.
 */
final class TestTransactions implements TransactionSynchronizationRegistry, AutoCloseable {

    private static TestTransactions open;

    private final String factoryBefore;
    private final List<Synchronization> synchronizations = new ArrayList<>();
    private int status = Status.STATUS_NO_TRANSACTION;

    private TestTransactions() {
        factoryBefore = System.getProperty(Context.INITIAL_CONTEXT_FACTORY);
        System.setProperty(Context.INITIAL_CONTEXT_FACTORY, Naming.class.getName());
    }

    static TestTransactions open() {
        open = new TestTransactions();
        return open;
    }

    @Override
    public void close() {
        open = null;
        if (factoryBefore == null) {
            System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);
        } else {
            System.setProperty(Context.INITIAL_CONTEXT_FACTORY, factoryBefore);
        }
    }

    void begin() {
        status = Status.STATUS_ACTIVE;
    }

    void commit() {
        end(status == Status.STATUS_ACTIVE ? Status.STATUS_COMMITTED : Status.STATUS_ROLLEDBACK);
    }

    void rollBack() {
        end(Status.STATUS_ROLLEDBACK);
    }

    private void end(int outcome) {
        List<Synchronization> told = List.copyOf(synchronizations);
        synchronizations.clear();
        status = Status.STATUS_NO_TRANSACTION;
        told.forEach(synchronization -> synchronization.afterCompletion(outcome));
    }

    @Override
    public void registerInterposedSynchronization(Synchronization synchronization) {
        if (status != Status.STATUS_ACTIVE) {
            throw new IllegalStateException("no active transaction");
        }
        synchronizations.add(synchronization);
    }

    @Override
    public int getTransactionStatus() {
        return status;
    }

    @Override
    public void setRollbackOnly() {
        status = Status.STATUS_MARKED_ROLLBACK;
    }

    @Override
    public boolean getRollbackOnly() {
        return status == Status.STATUS_MARKED_ROLLBACK;
    }

    @Override
    public Object getTransactionKey() {
        throw new UnsupportedOperationException("nobody has asked yet");
    }

    @Override
    public void putResource(Object key, Object value) {
        throw new UnsupportedOperationException("nobody has asked yet");
    }

    @Override
    public Object getResource(Object key) {
        throw new UnsupportedOperationException("nobody has asked yet");
    }

    /** Made by JNDI. */
    public static final class Naming implements InitialContextFactory {
        @Override
        public Context getInitialContext(Hashtable<?, ?> environment) {
            return (Context)
                    Proxy.newProxyInstance(
                            Naming.class.getClassLoader(),
                            new Class<?>[] {Context.class},
                            (proxy, method, arguments) ->
                                    method.getName().equals("lookup")
                                            ? lookUp((String) arguments[0])
                                            : null);
        }

        private static Object lookUp(String name) throws NameNotFoundException {
            if (name.equals("java:comp/TransactionSynchronizationRegistry")) {
                return open;
            }
            throw new NameNotFoundException(name);
        }
    }

    @Transactional
    @Interceptor
    @Priority(Interceptor.Priority.PLATFORM_BEFORE + 200)
    static class TransactionalInterceptor {

        @AroundInvoke
        Object inTransaction(InvocationContext invocation) throws Exception {
            open.begin();
            try {
                Object result = invocation.proceed();
                open.commit();
                return result;
            } catch (RuntimeException e) {
                open.rollBack();
                throw e;
            }
        }
    }
}
