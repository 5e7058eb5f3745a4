package org.memcachedsession.history;

/**
 * Decides whether a history can be what a correct server answered: no {@link AnomalyKind} in it.
 *
 * <p>What is reported cannot have happened on a correct server, whatever the interleaving: an
 * operation takes effect somewhere between its start and its answer, one without an answer
 * somewhere after its start or not at all, and what two requests wrote into one bean side by side may
 * be left in either order. The reverse does not hold: what needs several answers together to be
 * contradicted may stay unseen.
 *
 * <p>One pass over the positions, and a constant number of looks per request and bean: linear in the
 * length of the history.
 */
public final class Checker {

    private Checker() {}

    /** Pure: the same history gives the same report. */
    public static Report check(History history) {
        return new Examination(history).report();
    }
}
