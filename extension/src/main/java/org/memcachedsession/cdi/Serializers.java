package org.memcachedsession.cdi;

import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.codec.AllowList;
import org.memcachedsession.codec.BeanSerialization;
import org.memcachedsession.codec.ForySerialization;
import org.memcachedsession.codec.JavaSerialization;
import org.memcachedsession.codec.PlainSerializer;
import org.memcachedsession.session.BeanKey;

/** Decides at deployment how each bean is written, and what it may consist of. */
final class Serializers {

    private static final Logger LOG = System.getLogger(Serializers.class.getName());

    private final BeanSerialization serialization;
    private final Set<BeanKey> forJava;

    private Serializers(BeanSerialization serialization, Set<BeanKey> forJava) {
        this.serialization = serialization;
        this.forJava = forJava;
    }

    /**
     * Whether Apache Fory was brought with this library, and works. That of a server has a thread, begun by
     * whoever is the first to use it, which others need afterwards and which holds the class loader of the
     * first for ever.
     */
    static boolean hasFory(ClassLoader application) {
        ClassLoader own = Serializers.class.getClassLoader();
        try {
            Class<?> fory = Class.forName("org.apache.fory.Fory", false, own);
            if (fory.getClassLoader() != own) {
                LOG.log(
                        Level.INFO,
                        "Apache Fory is there and not used, since it is not the application's own. Put"
                                + " fory-core beside the jar of this library");
                return false;
            }
        } catch (ClassNotFoundException e) {
            return false;
        }
        try {
            new ForySerialization(application, List.of()).close();
            return true;
        } catch (RuntimeException | LinkageError e) {
            LOG.log(
                    Level.WARNING,
                    "Apache Fory is there and not used: it is of a version that this library does not"
                            + " work with, or the server keeps sun.misc.Unsafe from it",
                    e);
            return false;
        }
    }

    /**
     * @param around the interceptors and decorators of the application
     * @param loaders asked for classes in this order: the application's first
     */
    static Serializers of(
            SessionSettings settings,
            boolean hasFory,
            BeanManager beanManager,
            ScopedBeans scopedBeans,
            List<Bean<?>> around,
            List<ClassLoader> loaders) {
        DeploymentReport report = new DeploymentReport();
        SerializableTypes types = new SerializableTypes(beanManager, report);
        Wrappers wrappers = new Wrappers(beanManager, report, Wrappers.isOpenWebBeans(beanManager));
        scopedBeans
                .all()
                .forEach(
                        scoped -> {
                            types.add(scoped);
                            if (scoped.kind() == ScopedBean.Kind.CLASS) {
                                wrappers.look(scoped.bean());
                            }
                        });
        around.forEach(types::add);
        settings.serializeAllow().forEach(name -> types.add(name, loaders.get(0)));
        if (!report.warnings().isEmpty()) {
            LOG.log(Level.WARNING, "{0}", report.warnings());
        }
        Set<String> names = new HashSet<>(types.names());
        names.addAll(settings.serializeAllow());
        names.add(Graph.class.getName());
        JavaSerialization java = new JavaSerialization(loaders, new AllowList(names));

        boolean foryWrites = hasFory && settings.serializer() != SessionSettings.Serializer.JAVA;
        Optional<PlainSerializer> fory =
                hasFory
                        ? Optional.of(new ForySerialization(loaders.get(0), types.classes()))
                        : Optional.empty();
        Map<BeanKey, String> forJava =
                foryWrites ? forJava(beanManager, scopedBeans) : new TreeMap<>();
        if (foryWrites) {
            LOG.log(Level.INFO, "{0}", told(forJava));
        }
        return new Serializers(
                new BeanSerialization(java, fory, foryWrites), Set.copyOf(forJava.keySet()));
    }

    /** Those that hold what JDK serialization alone writes as it should be, and the reasons. */
    private static Map<BeanKey, String> forJava(BeanManager beanManager, ScopedBeans scopedBeans) {
        Map<BeanKey, String> forJava = new TreeMap<>();
        for (ScopedBean scoped : scopedBeans.all()) {
            SerializableTypes types = new SerializableTypes(beanManager, new DeploymentReport());
            types.add(scoped);
            Set<String> reasons = new LinkedHashSet<>();
            if (scoped.kind() == ScopedBean.Kind.SYNTHETIC
                    || !scoped.bean().getInjectionPoints().isEmpty()) {
                reasons.add("has what the container injects");
            }
            types.classes()
                    .forEach(
                            type ->
                                    BeanSerialization.obstacle(type)
                                            .map(obstacle -> type.getName() + " " + obstacle)
                                            .ifPresent(reasons::add));
            if (!reasons.isEmpty()) {
                forJava.put(scoped.key(), String.join(", ", reasons));
            }
        }
        return forJava;
    }

    private static String told(Map<BeanKey, String> forJava) {
        List<String> lines = new ArrayList<>();
        forJava.forEach((key, reason) -> lines.add("\n  " + key + ": " + reason));
        return "Apache Fory writes plain beans"
                + (lines.isEmpty() ? "" : ". JDK serialization writes:" + String.join("", lines));
    }

    BeanSerialization serialization() {
        return serialization;
    }

    /** Beans that are for JDK serialization, whatever else there is. */
    Set<BeanKey> forJava() {
        return forJava;
    }
}
