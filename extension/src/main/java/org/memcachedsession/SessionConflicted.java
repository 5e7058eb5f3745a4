package org.memcachedsession;

/**
 * CDI event: two requests have changed one bean at the same time. Fired synchronously by the request
 * that is saved later, once for each bean; what an observer throws is logged and changes nothing.
 *
 * @param fingerprint of the session; not its id, so that it may be logged
 * @param bean the bean's key, which is the same on every node
 * @param policy what was done about it
 */
public record SessionConflicted(String fingerprint, String bean, ConflictPolicy policy) {}
