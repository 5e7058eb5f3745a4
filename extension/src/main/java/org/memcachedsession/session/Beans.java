package org.memcachedsession.session;

import org.memcachedsession.ConflictPolicy;
import org.memcachedsession.SessionConflictException;
import org.memcachedsession.SessionException;

/**
 * What the rules want from the container. The objects that go in and out are the container's own
 * (an instance and what it takes to destroy it); the rules hold them and never look inside. Many
 * threads use it at once.
 */
public interface Beans {

    /**
     * Makes a bean from its bytes.
     *
     * @throws UnreadableException the bytes are of another class, version or deployment
     */
    Object read(BeanKey key, Entry entry) throws UnreadableException;

    /**
     * Writes a bean, so that {@link #read} gives an equal one.
     *
     * @throws SessionException the bean or something it holds cannot be serialized, or is of a class that
     *     would not be read; the message says what and where
     */
    Entry write(BeanKey key, Object bean);

    /**
     * Looks at what {@link #write} gave and what is to be stored: it is not, if {@link #read} would refuse it
     * for its depth or number of objects.
     *
     * @param bean as it was written
     * @throws SessionException it would; the message says why
     */
    void requireReadable(BeanKey key, Object bean, Entry entry);

    /**
     * Whether a bean is surely as {@link #read} has given it, so that nobody need write it to see. If not, it
     * may be so all the same.
     */
    boolean isSurelyAsRead(Object bean);

    /** Whether a bean is kept beyond the request. Those that the container gave no id are not. */
    boolean isStored(BeanKey key);

    /** Runs what the bean wants to happen at its end. What that throws is logged, not thrown. */
    void destroy(BeanKey key, Object bean);

    /** Whether a bean is not carried over when somebody logs in. */
    boolean dropsOnLogin(BeanKey key);

    /** What becomes of a bean that two requests have changed. */
    ConflictPolicy conflictPolicy(BeanKey key);

    /**
     * Asks the application for one state of both.
     *
     * @param base what both began with; null if nothing
     * @throws SessionConflictException it gave none, or one of them cannot be read here
     */
    Entry resolve(BeanKey key, Entry base, Entry theirs, Entry ours);
}
