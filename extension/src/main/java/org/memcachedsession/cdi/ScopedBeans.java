package org.memcachedsession.cdi;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.enterprise.context.spi.Contextual;
import jakarta.enterprise.inject.spi.PassivationCapable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.UnitOfWork;

/**
 * The beans of our scope by key and by the container's id. Filled at deployment, then only read, by
 * many threads at once.
 */
final class ScopedBeans {

    private static final Logger LOG = System.getLogger(ScopedBeans.class.getName());
    private static final int UNKNOWN_WARNED = 100;

    private final Map<BeanKey, ScopedBean> byKey = new HashMap<>();
    private final Map<String, ScopedBean> byContainerId = new HashMap<>();
    private final Map<BeanKey, String> deployments = new ConcurrentHashMap<>();
    private final Set<String> warned = ConcurrentHashMap.newKeySet();
    private final AtomicLong unknownSeen = new AtomicLong();

    /** Per request, with which they go. */
    private final Map<UnitOfWork, Map<Contextual<?>, BeanKey>> unknown =
            Collections.synchronizedMap(new WeakHashMap<>());

    private volatile String container = "";

    /** Gives the bean that has the same key already, if any. */
    Optional<ScopedBean> add(ScopedBean bean) {
        ScopedBean twin = byKey.putIfAbsent(bean.key(), bean);
        if (twin == null) {
            bean.containerId().ifPresent(id -> byContainerId.put(id, bean));
        }
        return Optional.ofNullable(twin);
    }

    Collection<ScopedBean> all() {
        return Collections.unmodifiableCollection(byKey.values());
    }

    Optional<ScopedBean> find(BeanKey key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /**
     * Tells which container this is.
     *
     * @param product stands for the container's product in what bound entries depend on
     */
    void identify(String product) {
        container = product;
    }

    /** What a bound entry depends on: the container's product and the archive that is in its ids. */
    String deploymentOf(ScopedBean bean) {
        return deployments.computeIfAbsent(
                bean.key(), key -> digest(container + " " + bean.containerId().orElse("")));
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * The key of what the container hands to a context: often a serializable wrapper, which has the
     * bean's id but is not the bean. What deployment has not found gets a key of its own in this
     * request, by its {@code equals}, and lives in the request only.
     */
    BeanKey keyOf(Contextual<?> contextual, UnitOfWork unitOfWork) {
        if (contextual instanceof PassivationCapable capable) {
            ScopedBean known = byContainerId.get(capable.getId());
            if (known != null) {
                return known.key();
            }
        }
        return unknown.computeIfAbsent(unitOfWork, request -> new ConcurrentHashMap<>())
                .computeIfAbsent(contextual, this::keyOfUnknown);
    }

    /** A number and not the hash, which two contextuals may share. */
    private BeanKey keyOfUnknown(Contextual<?> contextual) {
        if (warned.size() < UNKNOWN_WARNED && warned.add(contextual.toString())) {
            LOG.log(
                    Level.WARNING,
                    "{0} is no bean that deployment has found, or has no id (PassivationCapable): it"
                            + " lives in this request only and is not stored",
                    contextual);
        }
        return new BeanKey("unknown " + unknownSeen.incrementAndGet());
    }
}
