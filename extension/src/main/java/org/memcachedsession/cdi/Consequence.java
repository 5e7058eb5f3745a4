package org.memcachedsession.cdi;

/** What follows a call. One of the first two methods is called, once and on whatever thread. */
interface Consequence {

    /**
     * The call has succeeded, for good.
     *
     * @throws IllegalStateException it comes too late
     */
    void succeeded();

    /** It has not, or what it has done was rolled back. */
    void failed();

    /** What success means for the session if it comes too late. For the log. */
    String whenTooLate();
}
