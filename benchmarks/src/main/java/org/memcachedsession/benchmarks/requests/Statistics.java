package org.memcachedsession.benchmarks.requests;

import java.util.Arrays;
import java.util.Collection;

/** Of repeated figures. */
final class Statistics {

    private Statistics() {}

    /** The one in the middle, or half way between the two there; of one figure or more. */
    static double median(Collection<Double> figures) {
        return median(figures.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** As {@link #median(Collection)}. */
    static double median(long[] figures) {
        return median(Arrays.stream(figures).asDoubleStream().toArray());
    }

    private static double median(double[] figures) {
        if (figures.length == 0) {
            throw new IllegalArgumentException("nothing has no median");
        }
        Arrays.sort(figures);
        int middle = figures.length / 2;
        return figures.length % 2 == 1
                ? figures[middle]
                : (figures[middle - 1] + figures[middle]) / 2;
    }
}
