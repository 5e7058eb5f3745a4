package org.memcachedsession.benchmarks.requests;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A figure and how small it is to be.
 *
 * @param name what it is a figure of
 * @param figure empty: not measured
 * @param must at most, or the goal is missed
 * @param aim at most, for the goal to be reached in full
 * @param exactly whether less than {@code must} misses it too
 */
record Goal(String name, OptionalDouble figure, double must, double aim, boolean exactly) {

    private static final double HALF_OF_LAST_DIGIT = 0.005;

    static Goal atMost(String name, OptionalDouble figure, double must, double aim) {
        return new Goal(name, figure, must, aim, false);
    }

    /** Of a count, that chance has no part in but for what happens once in a while. */
    static Goal exactly(String name, OptionalDouble figure, double wanted) {
        return new Goal(name, figure, wanted, wanted, true);
    }

    /** What has come of it, for people. */
    String verdict() {
        if (figure.isEmpty()) {
            return "not measured";
        }
        double value = figure.getAsDouble();
        if (exactly) {
            return Math.abs(value - must) <= HALF_OF_LAST_DIGIT ? "reached" : "**not reached**";
        }
        if (value <= aim) {
            return "reached in full";
        }
        return value <= must ? "reached" : "**not reached**";
    }

    /** The figure, for people. */
    String measured() {
        return figure.isPresent() ? String.format(Locale.ROOT, "%.2f", figure.getAsDouble()) : "–";
    }
}
