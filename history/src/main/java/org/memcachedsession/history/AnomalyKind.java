package org.memcachedsession.history;

/**
 * What a history must not show. A request <em>precedes</em> another if it was answered before the
 * other one began. Requests of which neither precedes the other run side by side: if they write the
 * same bean, either may overwrite the other (the last write wins); if they write different beans, both
 * writes stay.
 *
 * <p>A write is <em>seen later</em> if a request that began after the wrong answer shows it, or shows
 * a write that was built on it, over any number of steps.
 */
public enum AnomalyKind {
    /**
     * A request shows a session that another browser began, or one that is neither the one it sent the
     * cookie of nor begun by it. Or a bean holds what nobody wrote, or what was written by another
     * browser, in another session or to another bean.
     */
    FOREIGN,
    /**
     * A bean shows what a write overwrote (or nothing) to a request that this write precedes, and the
     * write is seen later: only this answer was old.
     */
    STALE,
    /**
     * What was never the state at any time: two halves of one bean are of different writes; of a request
     * that wrote several beans one is seen and another is as it was before; a write is seen beside
     * a bean that is older than a write that precedes it, which is seen later.
     */
    TORN,
    /**
     * A request finds a session that was ended, or found gone, by a request that precedes it. Or a
     * value of an ended session is in another one.
     */
    REVIVED,
    /**
     * A request does not find the session of its cookie, and none that could have ended it had begun.
     * Or a bean is not there for a request that a write of it precedes, and the write is not seen later.
     * Or a write was answered without a session.
     */
    LOST,
    /**
     * A bean shows what a write overwrote to a request that this write precedes, and the write is not
     * seen later: something has undone it.
     */
    LOST_UPDATE
}
