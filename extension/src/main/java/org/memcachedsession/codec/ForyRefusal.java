package org.memcachedsession.codec;

/** Something in a graph is left to JDK serialization. */
final class ForyRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ForyRefusal(String holding) {
        super(holding, null, false, false);
    }
}
