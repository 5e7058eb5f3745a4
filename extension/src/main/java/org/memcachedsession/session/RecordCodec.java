package org.memcachedsession.session;

/** Turns what is stored into items and back. Many threads use one codec at once. */
public interface RecordCodec {

    /** Where the session with this id is kept. */
    ItemKey itemKey(SessionId id);

    /**
     * The bytes of an item that only {@link #open} with the same id takes. The codec may keep them: nobody is to change
     * them.
     */
    byte[] seal(SessionId id, ItemContent content);

    /**
     * @param item may be kept as those of {@link #seal}
     * @throws UnreadableException these are not bytes that this application sealed for this id;
     *     nothing of them was used
     */
    ItemContent open(SessionId id, byte[] item) throws UnreadableException;

    /** Where the number of a principal's epoch is kept. */
    ItemKey epochKey(PrincipalHash principal);

    /** The bytes of an item that only {@link #openEpoch} for the same principal takes. */
    byte[] sealEpoch(PrincipalHash principal, long number);

    /**
     * @throws UnreadableException these are not bytes that this application sealed for this principal
     */
    long openEpoch(PrincipalHash principal, byte[] item) throws UnreadableException;
}
