package org.memcachedsession.session;

/**
 * What a store holds under one key.
 *
 * @param value the bytes as they were stored; callers do not change them
 * @param version changes with every store, not with a touch; means something only to the store that
 *     gave it
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere, and a copy would cost each request
public record StoredItem(byte[] value, long version) {}
