package org.memcachedsession.session;

import org.memcachedsession.BeanDiscarded;
import org.memcachedsession.ConflictPolicy;
import org.memcachedsession.SessionEnded;
import org.memcachedsession.SessionLost;
import org.memcachedsession.SessionRefused;
import org.memcachedsession.SessionRotated;

/**
 * What the rules tell about sessions, to the application and to whoever counts. Called by the thread of
 * the request that it is about. What is thrown by listeners stays in here, but for {@link #begun}.
 */
public interface SessionEvents {

    /** A session begins; it can be used already. */
    void begun();

    /** A session was removed from the store; its beans can still be used. */
    void ending();

    /** A session is over and its beans are destroyed. */
    void ended(SessionId id, SessionEnded.Cause cause);

    /** A session is stored for the first time. */
    void created(SessionId id);

    /** A session has a new id. */
    void rotated(SessionId id, SessionId before, SessionRotated.Cause cause);

    /** At a save the session was gone from the store. */
    void lost(SessionId id, SessionLost.Cause cause);

    /** A request presented the id of a session and does not get it. */
    void refused(SessionId id, SessionRefused.Cause cause);

    /** Another request has changed the same bean; what the policy says was done about it. */
    void conflicted(SessionId id, BeanKey key, ConflictPolicy policy);

    /** A stored bean cannot be read here and is left out of this request. */
    void discarded(SessionId id, BeanKey key, BeanDiscarded.Cause cause);
}
