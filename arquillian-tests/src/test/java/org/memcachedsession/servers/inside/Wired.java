package org.memcachedsession.servers.inside;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionScoped;

/** Has one of everything that can be injected and passivated. */
@MemcachedSessionScoped
class Wired implements Serializable {

    private static final long serialVersionUID = 1;

    @Inject Part part;
    @Inject Diary diary;
    @Inject Tally tally;
    @Inject RequestNumber requestNumber;
    @Inject Event<Ping> pings;
    @Inject Instance<Tally> tallies;
    @Inject BeanManager beanManager;
    @Inject MemcachedSession session;

    @Inject UserTransaction transaction;
    @Inject @Database Instance<DataSource> databases;
    @Inject Instance<Clerk> clerks;

    int usePart() {
        return part.use();
    }

    int countThroughProxy() {
        return tally.next();
    }

    int countThroughInstance() {
        return tallies.get().next();
    }

    void ping() {
        pings.fire(new Ping());
    }

    boolean knowsBeanOf(Class<?> type) {
        return !beanManager.getBeans(type).isEmpty();
    }

    int requestNumber() {
        return requestNumber.number();
    }

    String sessionFingerprint() {
        return session.fingerprint().orElse("none");
    }

    String ask() {
        Clerk clerk = clerks.get();
        try {
            return clerk.answer();
        } finally {
            // else it stays a dependent of this bean, to be stored with it
            clerks.destroy(clerk);
        }
    }

    boolean isWithoutTransaction() throws SystemException {
        return transaction.getStatus() == Status.STATUS_NO_TRANSACTION;
    }

    boolean reachesDatabase() throws SQLException {
        DataSource database = databases.get();
        try (Connection connection = database.getConnection()) {
            return connection.isValid(10);
        } finally {
            databases.destroy(database);
        }
    }

    @PreDestroy
    void end() {
        diary.note("wired ended");
    }
}
