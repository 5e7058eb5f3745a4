package org.memcachedsession.session;

import org.memcachedsession.ConflictPolicy;
import org.memcachedsession.SessionEnded;

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

    /** At a save the session was gone from the store. */
    void lost(SessionId id);

    /** Another request has changed the same bean; what the policy says was done about it. */
    void conflicted(SessionId id, BeanKey key, ConflictPolicy policy);
}
