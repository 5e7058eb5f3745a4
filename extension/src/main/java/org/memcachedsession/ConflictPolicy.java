package org.memcachedsession;

/**
 * What becomes of a bean that two requests of one session have changed at the same time, each on a
 * copy of its own. Only that bean is concerned: changes of different beans never conflict. A bean that
 * both have created was changed by both.
 *
 * <p>A request that removes the bean ({@code Instance.destroy}) while another changes it wins under
 * every policy but {@link #FAIL}.
 */
public enum ConflictPolicy {

    /**
     * The request that is saved last wins; what the other one did to the bean is lost. The default.
     */
    LAST_WRITE_WINS,

    /**
     * The request that is saved first wins; what the later one did to the bean is dropped, and the
     * rest of what it did is saved.
     */
    FIRST_WRITE_WINS,

    /**
     * The later request fails with a {@link SessionConflictException}, which JAX-RS and servlets
     * answer with 409, and nothing of it is saved. Also when both changes are equal.
     */
    FAIL,

    /**
     * A {@link ConflictResolver} of the bean's type makes one state of both. It is asked also when both
     * are equal, as of two requests that have counted from one to two.
     */
    RESOLVE
}
