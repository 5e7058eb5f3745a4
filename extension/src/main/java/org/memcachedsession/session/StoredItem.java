package org.memcachedsession.session;

import java.time.Duration;
import java.util.Optional;

/**
 * What a store holds under one key.
 *
 * @param value the bytes as they were stored; callers do not change them
 * @param version changes with every store, not with a touch; means something only to the store that
 *     gave it
 * @param timeLeft until it ends by itself, as it was before this load; empty where the server does not tell.
 *     Only where it is told can a load start the time anew
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere, and a copy would cost each request
public record StoredItem(byte[] value, long version, Optional<Duration> timeLeft) {}
