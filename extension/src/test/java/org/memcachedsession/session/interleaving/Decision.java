package org.memcachedsession.session.interleaving;

/**
 * Whose store call happens next, and how it ends.
 *
 * @param request counted from 0
 */
record Decision(int request, Answer answer) {

    /** How a store call ends for the one that made it. */
    enum Answer {
        /** As it should. */
        GIVEN(""),
        /** It fails, and nothing has happened. */
        FAILED("-"),
        /** It fails, and has happened all the same. */
        LOST("+");

        private final String mark;

        Answer(String mark) {
            this.mark = mark;
        }
    }

    static Decision parse(String text) {
        Answer answer =
                switch (text.substring(1)) {
                    case "" -> Answer.GIVEN;
                    case "-" -> Answer.FAILED;
                    case "+" -> Answer.LOST;
                    default -> throw new IllegalArgumentException("no such decision: " + text);
                };
        return new Decision(Character.digit(text.charAt(0), 10), answer);
    }

    @Override
    public String toString() {
        return request + answer.mark;
    }
}
