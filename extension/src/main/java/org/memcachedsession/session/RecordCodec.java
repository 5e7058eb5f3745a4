package org.memcachedsession.session;

/** Turns records into items and back. Many threads use one codec at once. */
public interface RecordCodec {

    /** Where the session with this id is kept. */
    ItemKey itemKey(SessionId id);

    /** The bytes of an item that only {@link #open} with the same id takes. */
    byte[] seal(SessionId id, SessionRecord record);

    /**
     * @throws UnreadableException these are not bytes that this application sealed for this id;
     *     nothing of them was used
     */
    SessionRecord open(SessionId id, byte[] item) throws UnreadableException;
}
