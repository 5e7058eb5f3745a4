package org.memcachedsession.servers.rotation;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.Transactional;
import org.memcachedsession.RotateSessionId;

/** Logs users in within transactions, which end in all ways. */
@ApplicationScoped
public class Accounts {

    @Inject Visitor visitor;

    @Resource TransactionSynchronizationRegistry transaction;

    @Transactional
    @RotateSessionId
    public void commit() {
        visitor.become("Ada");
    }

    @Transactional
    @RotateSessionId
    public void throwException() {
        throw new IllegalArgumentException("wrong password");
    }

    @Transactional(dontRollbackOn = IllegalArgumentException.class)
    public void commitAlthoughThrowing(Runnable login) {
        login.run();
        throw new IllegalArgumentException("no rollback");
    }

    @Transactional
    public void rollBackAfter(Runnable login) {
        login.run();
        throw new IllegalArgumentException("rollback");
    }

    @Transactional
    @RotateSessionId
    public void setRollbackOnly() {
        transaction.setRollbackOnly();
    }

    @RotateSessionId
    public void withinTheCallersTransaction() {
        visitor.become("Ada");
    }
}
