/** Bytes: derivation of keys, seal, record format, serialization. Knows {@code session}. */
package org.memcachedsession.codec;
