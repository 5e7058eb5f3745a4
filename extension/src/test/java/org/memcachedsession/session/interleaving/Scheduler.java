package org.memcachedsession.session.interleaving;

import java.util.List;

/** Decides whose store call happens next. */
interface Scheduler {

    /**
     * @param waiting the requests that have come to a store call, in their order; at least one
     */
    Decision next(List<Integer> waiting);
}
