package org.memcachedsession.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

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
        if (!isByAddresses) {
            isByAddresses = isByAddresses(object);
        }
    }

    private static boolean isByAddresses(Object object) {
        if (object instanceof LinkedHashMap || object instanceof LinkedHashSet) {
            return false;
        }
        Class<?> type = object.getClass();
        boolean isImmutable = type.getName().startsWith("java.util.ImmutableCollections$");
        boolean isUsualMap = type == HashMap.class || type == ConcurrentHashMap.class;
        if (isUsualMap || (isImmutable && object instanceof Map)) {
            return !haveHashesOfTheirOwn(((Map<?, ?>) object).keySet());
        }
        if (type == HashSet.class || (isImmutable && object instanceof Set)) {
            return !haveHashesOfTheirOwn((Set<?>) object);
        }
        return object instanceof HashMap // of other classes nobody knows how they find their order
                || object instanceof HashSet
                || object instanceof Hashtable
                || object instanceof IdentityHashMap
                || object instanceof ConcurrentHashMap;
    }

    private static boolean haveHashesOfTheirOwn(Set<?> elements) {
        for (Object element : elements) { // called for each table
            if (!hasHashOfItsOwn(element)) {
                return false;
            }
        }
        return true;
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
