package org.memcachedsession.faults;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;

/**
 * Does something to the answers of a server, one after the other, on one connection. What the same connection is told
 * is told by one thread.
 */
interface Meddler {

    /** Where an answer goes on to the node. What is sent arrives in the order in which it is sent. */
    interface Wire {
        void send(byte[] bytes);

        /** And whatever is sent after it arrives no sooner. */
        void send(byte[] bytes, Duration later);

        /** Closes the connection behind what was sent. */
        void end();
    }

    /** A whole answer has come. */
    void answer(byte[] answer, Wire wire);

    /** None. */
    static Meddler honest() {
        return (answer, wire) -> wire.send(answer);
    }

    /**
     * @param now asked for each answer: whether this one is meant
     */
    static Meddler delaying(Duration delay, BooleanSupplier now) {
        return (answer, wire) -> {
            if (now.getAsBoolean()) {
                wire.send(answer, delay);
            } else {
                wire.send(answer);
            }
        };
    }

    /** Sends an answer behind the next one. */
    static Meddler swapping(BooleanSupplier now) {
        return new Meddler() {
            private byte[] kept;

            @Override
            public void answer(byte[] answer, Wire wire) {
                if (kept == null && now.getAsBoolean()) {
                    kept = answer;
                    return;
                }
                wire.send(answer);
                if (kept != null) {
                    wire.send(kept);
                    kept = null;
                }
            }
        };
    }

    static Meddler repeating(BooleanSupplier now) {
        return (answer, wire) -> {
            wire.send(answer);
            if (now.getAsBoolean()) {
                wire.send(answer);
            }
        };
    }

    static Meddler dropping(BooleanSupplier now) {
        return (answer, wire) -> {
            if (!now.getAsBoolean()) {
                wire.send(answer);
            }
        };
    }

    /**
     * Ends the connection after a part of the answer.
     *
     * @param part how many bytes of an answer, by how many it has
     */
    static Meddler truncating(IntUnaryOperator part, BooleanSupplier now) {
        return (answer, wire) -> {
            if (now.getAsBoolean()) {
                wire.send(Arrays.copyOf(answer, part.applyAsInt(answer.length)));
                wire.end();
            } else {
                wire.send(answer);
            }
        };
    }
}
