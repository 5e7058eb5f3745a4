/** Bytes: derivation of keys, seal, compression, record format, serialization. Knows {@code session}. */
package org.memcachedsession.codec;
