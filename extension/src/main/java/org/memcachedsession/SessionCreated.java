package org.memcachedsession;

/**
 * CDI event: a session is stored in memcached for the first time, and the answer carries its cookie. Its
 * beans were used before: observe {@code @Initialized(MemcachedSessionScoped.class)} for that moment.
 * Fired synchronously; what an observer throws is logged and changes nothing.
 *
 * @param fingerprint of the session; not its id, so that it may be logged
 */
public record SessionCreated(String fingerprint) {}
