package org.memcachedsession.codec;

import java.util.Arrays;

/** Arrays of primitives, the bits of their elements. */
final class ShapeArrays {

    private ShapeArrays() {}

    static Object copy(Object array) {
        if (array instanceof byte[] bytes) {
            return bytes.clone();
        } else if (array instanceof char[] chars) {
            return chars.clone();
        } else if (array instanceof int[] ints) {
            return ints.clone();
        } else if (array instanceof long[] longs) {
            return longs.clone();
        } else if (array instanceof double[] doubles) {
            return doubles.clone();
        } else if (array instanceof boolean[] booleans) {
            return booleans.clone();
        } else if (array instanceof short[] shorts) {
            return shorts.clone();
        } else {
            return ((float[]) array).clone();
        }
    }

    /** Whether two arrays hold the same. */
    static boolean areSame(Object one, Object other) {
        if (one instanceof byte[] bytes) {
            return other instanceof byte[] others && Arrays.equals(bytes, others);
        } else if (one instanceof char[] chars) {
            return other instanceof char[] others && Arrays.equals(chars, others);
        } else if (one instanceof int[] ints) {
            return other instanceof int[] others && Arrays.equals(ints, others);
        } else if (one instanceof long[] longs) {
            return other instanceof long[] others && Arrays.equals(longs, others);
        } else if (one instanceof double[] doubles) {
            return other instanceof double[] others && areSame(doubles, others);
        } else if (one instanceof boolean[] booleans) {
            return other instanceof boolean[] others && Arrays.equals(booleans, others);
        } else if (one instanceof short[] shorts) {
            return other instanceof short[] others && Arrays.equals(shorts, others);
        } else {
            return one instanceof float[] floats
                    && other instanceof float[] others
                    && areSame(floats, others);
        }
    }

    /** Of what is no number there are many, which to {@code Arrays.equals} are one. */
    private static boolean areSame(double[] one, double[] other) {
        boolean same = one.length == other.length;
        for (int i = 0; same && i < one.length; i++) {
            same = Double.doubleToRawLongBits(one[i]) == Double.doubleToRawLongBits(other[i]);
        }
        return same;
    }

    private static boolean areSame(float[] one, float[] other) {
        boolean same = one.length == other.length;
        for (int i = 0; same && i < one.length; i++) {
            same = Float.floatToRawIntBits(one[i]) == Float.floatToRawIntBits(other[i]);
        }
        return same;
    }
}
