package org.memcachedsession.cdi;

import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.Arrays;
import java.util.Currency;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells classes whose instances never change: records of values, and of such records. A bean of one is what it
 * was when it was read, so nobody has to look. For many threads.
 */
final class Immutables {

    private static final Set<Class<?>> VALUES =
            Set.of(
                    BigDecimal.class,
                    BigInteger.class,
                    Boolean.class,
                    Byte.class,
                    Character.class,
                    Currency.class,
                    Double.class,
                    Float.class,
                    Integer.class,
                    Locale.class,
                    Long.class,
                    Short.class,
                    String.class,
                    URI.class,
                    UUID.class);

    private final Map<Class<?>, Boolean> known = new ConcurrentHashMap<>();

    boolean isImmutable(Class<?> type) {
        return type.isRecord()
                && known.computeIfAbsent(type, each -> areValues(each, new HashSet<>()));
    }

    /**
     * @param above records that are being looked at, which hold this one
     */
    private static boolean areValues(Class<?> type, Set<Class<?>> above) {
        return !above.add(type)
                || Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getType)
                        .allMatch(part -> isValue(part, above));
    }

    private static boolean isValue(Class<?> type, Set<Class<?>> above) {
        return type.isPrimitive()
                || type.isEnum()
                || VALUES.contains(type)
                || isOfTime(type)
                || (type.isRecord() && areValues(type, above));
    }

    /** All classes there are immutable but for clocks, and the interfaces of others may be anything. */
    private static boolean isOfTime(Class<?> type) {
        return type.getPackageName().equals("java.time") && Modifier.isFinal(type.getModifiers());
    }
}
