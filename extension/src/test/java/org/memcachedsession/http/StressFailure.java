package org.memcachedsession.http;

import org.memcachedsession.SessionStoreException;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/** How the store fails one request of the stress test. */
enum StressFailure {
    NONE(null, false, false),
    LOAD(Operation.LOAD, false, true),
    SAVE(Operation.REPLACE, false, true),
    /** Saved, and found out afterwards. */
    ANSWER(Operation.REPLACE, true, false),
    /** Saved, and nobody knows. */
    ANSWERS(Operation.REPLACE, true, true),
    END(Operation.REPLACE, false, true),
    /** Ended, and nobody knows. */
    ENDED(Operation.REPLACE, true, true);

    private final Operation first;
    private final boolean carriedOut;
    private final boolean forGood;

    /**
     * @param first the first call that gets no answer
     * @param carriedOut whether that call happens all the same
     * @param forGood whether none of the calls that follow happens
     */
    StressFailure(Operation first, boolean carriedOut, boolean forGood) {
        this.first = first;
        this.carriedOut = carriedOut;
        this.forGood = forGood;
    }

    /** What one request meets; for its thread alone. */
    final class Course {

        private boolean begun;

        void before(Operation operation) {
            boolean goesOn = begun && forGood;
            if (goesOn || !begun && !carriedOut && operation == first) {
                fail(operation);
            }
        }

        void after(Operation operation) {
            if (!begun && carriedOut && operation == first) {
                fail(operation);
            }
        }

        private void fail(Operation operation) {
            begun = true;
            throw new SessionStoreException("no answer to " + operation);
        }
    }
}
