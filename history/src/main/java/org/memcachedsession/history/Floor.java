package org.memcachedsession.history;

/**
 * A proof that a bean has left its older states behind: from the witness's answer on, it holds the
 * value, or one that was stored after {@code start}.
 *
 * @param value the write that was stored
 * @param witness the answer that proves it: of the write itself, or of a request that saw it
 */
record Floor(int start, Examined value, Examined witness) {}
