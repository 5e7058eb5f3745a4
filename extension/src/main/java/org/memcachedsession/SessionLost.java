package org.memcachedsession;

/**
 * CDI event: a request has changed its session, and when it was to be saved, memcached did not have it
 * any more. It was ended by another request meanwhile, has expired or was evicted; nobody can tell
 * which. What the request changed is dropped, since storing it could bring a logged-out session back.
 * Fired synchronously; what an observer throws is logged and changes nothing.
 *
 * @param fingerprint of the session; not its id, so that it may be logged
 */
public record SessionLost(String fingerprint) {}
