package org.memcachedsession.embedded;

/** A meta command is answered with an error; the message is the answer. */
final class MetaRefusal extends Exception {

    private static final long serialVersionUID = 1;

    MetaRefusal(String answer) {
        super(answer, null, false, false);
    }
}
