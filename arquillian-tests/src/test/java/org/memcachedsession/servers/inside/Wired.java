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
    @Inject @Database Instance<DataSource> database;
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
        return clerks.get().answer();
    }

    boolean isWithoutTransaction() throws SystemException {
        return transaction.getStatus() == Status.STATUS_NO_TRANSACTION;
    }

    boolean reachesDatabase() throws SQLException {
        try (Connection connection = database.get().getConnection()) {
            return connection.isValid(10);
        }
    }

    @PreDestroy
    void end() {
        diary.note("wired ended");
    }
}
