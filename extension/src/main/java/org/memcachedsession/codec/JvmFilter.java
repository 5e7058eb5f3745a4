package org.memcachedsession.codec;

import java.io.ObjectInputFilter;
import java.util.stream.Stream;

/**
 * The filter that whoever runs the JVM has set for all that is read in it ({@code jdk.serialFilter}), as it
 * would answer later to what is written now.
 */
final class JvmFilter {

    private JvmFilter() {}

    /** Whether there is one, or a factory ({@code jdk.serialFilterFactory}) that may give each stream its own. */
    static boolean isSet() {
        return ObjectInputFilter.Config.getSerialFilter() != null
                || isOfApplication(ObjectInputFilter.Config.getSerialFilterFactory());
    }

    private static boolean isOfApplication(Object factory) {
        return factory.getClass().getModule() != Object.class.getModule();
    }

    /** Whether no object of the class would be read. */
    static boolean refuses(Class<?> type) {
        ObjectInputFilter filter = ObjectInputFilter.Config.getSerialFilter();
        return filter != null
                && filter.checkInput(new NamedClass(type)) == ObjectInputFilter.Status.REJECTED;
    }

    /** Whether one of the interfaces, or the class, would not be read. */
    static boolean refusesProxy(Class<?> type) {
        return Stream.concat(Stream.of(type.getInterfaces()), Stream.of(type))
                .anyMatch(JvmFilter::refuses);
    }

    /** What a filter is shown where a stream names a class, with the least of all numbers. */
    private record NamedClass(Class<?> serialClass) implements ObjectInputFilter.FilterInfo {

        @Override
        public long arrayLength() {
            return -1;
        }

        @Override
        public long depth() {
            return 1;
        }

        @Override
        public long references() {
            return 1;
        }

        @Override
        public long streamBytes() {
            return 0;
        }
    }
}
