package org.memcachedsession.session;

import java.time.Duration;
import java.util.Optional;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.SessionStore.Written;

/**
 * One of the servers that hold copies of items. It is asked as a {@link SessionStore}, but nobody waits before
 * {@link Answer#await}: so several can be asked at once. Many threads use one place at once.
 */
public interface Place {

    /** As {@link SessionStore#load(ItemKey, Optional)}. */
    Answer<Optional<StoredItem>> load(ItemKey key, Optional<Duration> timeToLive);

    /** As {@link SessionStore#create}. */
    Answer<Written> create(ItemKey key, byte[] value, Duration timeToLive);

    /** As {@link SessionStore#replace}. */
    Answer<Written> replace(ItemKey key, byte[] value, long version, Duration timeToLive);

    /** As {@link SessionStore#overwrite}. */
    Answer<Boolean> overwrite(ItemKey key, byte[] value, Duration timeToLive);

    /** As {@link SessionStore#touch}. */
    Answer<Boolean> touch(ItemKey key, Duration timeToLive);

    /** As {@link SessionStore#delete}. */
    Answer<Boolean> delete(ItemKey key);

    /** Whether it has not answered, and not again since. Whoever can do without it does not ask it then. */
    boolean isAway();

    /**
     * Whether it is back since so short a time that another node may not have noticed yet: that node does not ask
     * it, nor store there. So it takes what is stored, and is not the one to decide or to be believed alone.
     */
    boolean isReturning();

    /**
     * The first half of the time that it is {@linkplain #isReturning returning}: others that were away with it may be
     * about to come back, too.
     */
    boolean isJustBack();

    /**
     * Whether what has this version was stored before the place was away for the last time, or is there while it
     * is away: what others have stored meanwhile it may not have got.
     */
    boolean isSuspect(long version);

    /**
     * It has missed something, and not for being away. Whoever hears of {@linkplain SessionStore#onReturn returns}
     * hears of it soon, as if it was back.
     */
    void repairSoon();

    /**
     * What comes of a question. The time begins with the question, not with the wait.
     *
     * @param <T> what is answered
     */
    interface Answer<T> {

        /**
         * @throws SessionStoreException no answer; from then on the place {@linkplain #isAway is away}, unless the
         *     {@link Budget} of the thread did not allow to wait as long as an answer may take
         * @throws SessionException as the store has it
         */
        T await();

        /** Nobody waits for it any more. */
        void abandon();
    }
}
