package org.memcachedsession.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.UUID;

/**
 * Looks whether hash tables have their elements in an order that is another one each time that they are read,
 * as it is where hash codes are addresses.
 */
final class HashOrder {

    private static final Set<Class<?>> OF_OWN_HASH =
            Set.of(
                    BigDecimal.class,
                    BigInteger.class,
                    Boolean.class,
                    Byte.class,
                    Character.class,
                    Double.class,
                    Float.class,
                    Integer.class,
                    Long.class,
                    Short.class,
                    String.class,
                    URI.class,
                    UUID.class);

    private boolean isByAddresses;

    /** Looks at an object that is complete. */
    void look(Object object) {
        if (isByAddresses || object == null) {
            return;
        }
        if (object instanceof Map<?, ?> map) {
            boolean inOrder = object instanceof LinkedHashMap || object instanceof SortedMap;
            isByAddresses = !inOrder && mayBe(object.getClass(), HashMap.class, map.keySet());
        } else if (object instanceof Set<?> set) {
            boolean inOrder = object instanceof LinkedHashSet || object instanceof SortedSet;
            isByAddresses = !inOrder && mayBe(object.getClass(), HashSet.class, set);
        }
    }

    /** Of other classes than the usual one nobody knows how they find their order. */
    private static boolean mayBe(Class<?> type, Class<?> usual, Collection<?> elements) {
        boolean isKnown =
                type == usual || type.getName().startsWith("java.util.ImmutableCollections$");
        return !isKnown || !elements.stream().allMatch(HashOrder::hasHashOfItsOwn);
    }

    /** Of constants of an enum there is one each, wherever it is. */
    private static boolean hasHashOfItsOwn(Object element) {
        return element == null
                || element instanceof Enum
                || OF_OWN_HASH.contains(element.getClass())
                || element.getClass().getPackageName().equals("java.time");
    }

    boolean isByAddresses() {
        return isByAddresses;
    }
}
