package org.memcachedsession.cdi;

import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Destroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.memcachedsession.BeanDiscarded;
import org.memcachedsession.ConflictPolicy;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.SessionConflicted;
import org.memcachedsession.SessionCreated;
import org.memcachedsession.SessionEnded;
import org.memcachedsession.SessionLost;
import org.memcachedsession.SessionRefused;
import org.memcachedsession.SessionRotated;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.SessionEvents;
import org.memcachedsession.session.SessionId;

/** Fires CDI events for what happens to sessions: those of every scope, and our own. */
final class ContainerEvents implements SessionEvents {

    private static final Logger LOG = System.getLogger(ContainerEvents.class.getName());

    private final BeanManager beanManager;
    private final MemcachedSession handle;

    ContainerEvents(BeanManager beanManager, MemcachedSession handle) {
        this.beanManager = beanManager;
        this.handle = handle;
    }

    @Override
    public void begun() {
        beanManager
                .getEvent()
                .select(
                        MemcachedSession.class,
                        Initialized.Literal.of(MemcachedSessionScoped.class))
                .fire(handle);
    }

    @Override
    public void ending() {
        quietly(
                () ->
                        beanManager
                                .getEvent()
                                .select(
                                        MemcachedSession.class,
                                        BeforeDestroyed.Literal.of(MemcachedSessionScoped.class))
                                .fire(handle));
    }

    @Override
    public void ended(SessionId id, SessionEnded.Cause cause) {
        quietly(
                () ->
                        beanManager
                                .getEvent()
                                .select(
                                        MemcachedSession.class,
                                        Destroyed.Literal.of(MemcachedSessionScoped.class))
                                .fire(handle));
        fire(new SessionEnded(id.fingerprint(), cause));
    }

    @Override
    public void created(SessionId id) {
        fire(new SessionCreated(id.fingerprint()));
    }

    @Override
    public void rotated(SessionId id, SessionId before, SessionRotated.Cause cause) {
        fire(new SessionRotated(id.fingerprint(), before.fingerprint(), cause));
    }

    @Override
    public void lost(SessionId id, SessionLost.Cause cause) {
        fire(new SessionLost(id.fingerprint(), cause));
    }

    @Override
    public void refused(SessionId id, SessionRefused.Cause cause) {
        fire(new SessionRefused(id.fingerprint(), cause));
    }

    @Override
    public void conflicted(SessionId id, BeanKey key, ConflictPolicy policy) {
        fire(new SessionConflicted(id.fingerprint(), key.text(), policy));
    }

    @Override
    public void discarded(SessionId id, BeanKey key, BeanDiscarded.Cause cause) {
        fire(new BeanDiscarded(id.fingerprint(), key.text(), cause));
    }

    private void fire(Object event) {
        quietly(() -> beanManager.getEvent().fire(event));
    }

    private static void quietly(Runnable firing) {
        try {
            firing.run();
        } catch (RuntimeException e) {
            LOG.log(
                    Level.WARNING,
                    "An observer of what happened to a session has thrown; that changes nothing",
                    e);
        }
    }
}
