package org.memcachedsession.cdi;

import jakarta.enterprise.context.spi.Contextual;
import jakarta.enterprise.inject.spi.PassivationCapable;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.memcachedsession.session.BeanKey;

/**
 * The beans of our scope by key and by the container's id. Filled at deployment, then only read, by
 * many threads at once.
 */
final class ScopedBeans {

    private final Map<BeanKey, ScopedBean> byKey = new HashMap<>();
    private final Map<String, ScopedBean> byContainerId = new HashMap<>();

    /** Gives the bean that has the same key already, if any. */
    Optional<ScopedBean> add(ScopedBean bean) {
        ScopedBean twin = byKey.putIfAbsent(bean.key(), bean);
        if (twin == null) {
            bean.containerId().ifPresent(id -> byContainerId.put(id, bean));
        }
        return Optional.ofNullable(twin);
    }

    Optional<ScopedBean> find(BeanKey key) {
        return Optional.ofNullable(byKey.get(key));
    }

    Collection<ScopedBean> all() {
        return byKey.values();
    }

    /**
     * The key of what the container hands to a context: often a serializable wrapper, which has the
     * bean's id but is not the bean.
     *
     * @return empty for what no deployment named, and what cannot be passivated therefore
     */
    Optional<BeanKey> keyOf(Contextual<?> contextual) {
        if (!(contextual instanceof PassivationCapable capable)) {
            return Optional.empty();
        }
        ScopedBean known = byContainerId.get(capable.getId());
        return Optional.of(known != null ? known.key() : new BeanKey("raw " + capable.getId()));
    }
}
