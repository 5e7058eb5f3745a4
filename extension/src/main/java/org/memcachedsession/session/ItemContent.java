package org.memcachedsession.session;

/** What an item holds: a session, or the word that it is no longer there. */
public sealed interface ItemContent permits SessionRecord, Tombstone {}
