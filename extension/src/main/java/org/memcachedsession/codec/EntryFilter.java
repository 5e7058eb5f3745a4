package org.memcachedsession.codec;

import java.io.InvalidClassException;
import java.lang.reflect.Proxy;
import java.util.Optional;

/**
 * Which classes one stream may hold. They are looked at where the stream names them, since that is what was
 * looked at when it was written. The JDK shows a filter of its own more than that, such as what a listed
 * class makes of itself by {@code readResolve}.
 */
final class EntryFilter {

    private final AllowList allowList;
    private final boolean bound;
    private Class<?> refused;

    EntryFilter(AllowList allowList, boolean bound) {
        this.allowList = allowList;
        this.bound = bound;
    }

    /**
     * Called before anything of the class runs, its static initializer included.
     *
     * @throws InvalidClassException it is not listed
     */
    Class<?> check(Class<?> type) throws InvalidClassException {
        if (!allowList.admits(type, bound)) {
            refused = type;
            throw new InvalidClassException(type.getName(), "not among the classes that are read");
        }
        return type;
    }

    /**
     * As {@link #check}, for an interface of a proxy: to make the class of a proxy may initialize its
     * interfaces.
     */
    Class<?> checkOfProxy(Class<?> type) throws InvalidClassException {
        if (!allowList.admitsOfProxy(type, bound)) {
            refused = Proxy.class;
            throw new InvalidClassException(type.getName(), "not among what proxies are read of");
        }
        return type;
    }

    /** The class that was not listed, if that is why the stream was given up. */
    Optional<Class<?>> refused() {
        return Optional.ofNullable(refused);
    }
}
