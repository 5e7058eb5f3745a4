package org.memcachedsession;

/**
 * Ends sessions that are not the one of the request: after a password has been changed or a device lost,
 * or by an administrator. Inject it anywhere; every thread may use it. Works where {@code
 * memcached.session.logout-everywhere} is {@code true}: then each session of a user who is logged in (as
 * {@code HttpServletRequest.getUserPrincipal} says) carries a number, which is compared at every load
 * with the one that an item of the user's own in memcached has. Another number there ends all of the
 * user's sessions, wherever they are, with the requests that begin after it; requests that have loaded
 * their session already run to their end.
 *
 * <p><b>What memcached alone cannot promise:</b> the number may be evicted or lost at a restart of its
 * server. Then the user's sessions are refused, and the user has to log in again: it fails to the safe
 * side. But whoever may write to memcached can put an old number back, and so bring back sessions that were
 * ended and have not expired yet, though only those whose cookies somebody still has. Where that matters,
 * keep what says whether a user may come in in a database too, and ask it.
 *
 * <p>No {@code @PreDestroy} and no event is told of sessions that end this way; a request that still
 * presents one of them fires {@link SessionRefused}.
 */
public interface MemcachedSessions {

    /**
     * Ends all sessions of a user, the one of this request too if it is hers.
     *
     * @param principal the name that the container knows her by, to the letter
     * @throws IllegalStateException {@code memcached.session.logout-everywhere} is not set, or the
     *     application does not run
     * @throws SessionStoreException no answer: they may be ended or not, so try again
     */
    void endAll(String principal);

    /**
     * Ends all other sessions of the user of this request's session, which goes on. What the request has
     * changed so far is stored.
     *
     * @throws IllegalStateException nobody is logged in to this request's session, or there is none; or as
     *     with {@link #endAll}
     * @throws SessionException this session was lost, or ended with all of its user's, meanwhile; the others
     *     are as they were
     * @throws jakarta.enterprise.context.ContextNotActiveException the thread serves no request
     * @throws SessionStoreException no answer: they may be ended or not, so try again
     */
    void endOthers();
}
