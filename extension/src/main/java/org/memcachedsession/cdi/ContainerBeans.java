package org.memcachedsession.cdi;

import jakarta.enterprise.context.spi.CreationalContext;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.Set;
import org.memcachedsession.BeanDiscarded.Cause;
import org.memcachedsession.ConflictPolicy;
import org.memcachedsession.SessionConflictException;
import org.memcachedsession.SessionException;
import org.memcachedsession.codec.BeanSerialization;
import org.memcachedsession.codec.BeanSerialization.Form;
import org.memcachedsession.codec.JavaSerialization.Read;
import org.memcachedsession.codec.JavaSerialization.Written;
import org.memcachedsession.codec.Shape;
import org.memcachedsession.codec.Shapes;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.Beans;
import org.memcachedsession.session.Entry;
import org.memcachedsession.session.UnreadableException;

/**
 * Reads, writes and destroys beans for the session rules. Container classes in the bytes need the
 * application's context class loader, which threads of an asynchronous answer may lack.
 */
final class ContainerBeans implements Beans {

    private static final Logger LOG = System.getLogger(ContainerBeans.class.getName());

    private final BeanManager beanManager;
    private final ScopedBeans scopedBeans;
    private final BeanSerialization serialization;
    private final Set<BeanKey> forJava;
    private final ClassLoader applicationLoader;
    private final ConflictPolicy defaultConflictPolicy;
    private final ConflictResolvers conflictResolvers;
    private final Shapes shapes = new Shapes();

    ContainerBeans(
            BeanManager beanManager,
            ScopedBeans scopedBeans,
            Serializers serializers,
            ClassLoader applicationLoader,
            ConflictPolicy defaultConflictPolicy) {
        this.beanManager = beanManager;
        this.scopedBeans = scopedBeans;
        this.serialization = serializers.serialization();
        this.forJava = serializers.forJava();
        this.applicationLoader = applicationLoader;
        this.defaultConflictPolicy = defaultConflictPolicy;
        this.conflictResolvers = new ConflictResolvers(beanManager);
    }

    @Override
    public Object read(BeanKey key, Entry entry) throws UnreadableException {
        ScopedBean scoped =
                scopedBeans
                        .find(key)
                        .orElseThrow(
                                () ->
                                        new UnreadableException(
                                                Cause.NOT_DEPLOYED,
                                                "no such bean is deployed here"));
        if (!entry.isPlain() && !entry.boundTo().equals(scopedBeans.deploymentOf(scoped))) {
            throw new UnreadableException(
                    Cause.BOUND_ELSEWHERE,
                    "it holds objects of the container that wrote it (an interceptor, a decorator or an"
                            + " injected proxy), which only the same server product with the same archive"
                            + " name can read");
        }
        Read read = read(entry);
        BeanInstance<?> instance = instance(scoped, entry, read);
        Optional<Shape> shape = shape(scoped, instance);
        return instance.with(
                read.isOrderedByAddresses()
                        ? AsRead.now(entry, shape, written(key, instance))
                        : AsRead.later(
                                entry,
                                shape,
                                read.mayGiveOtherBytes(),
                                () -> writtenAgain(key, scoped, entry)));
    }

    private Read read(Entry entry) throws UnreadableException {
        return inApplication(() -> serialization.read(entry.bytes(), !entry.isPlain()));
    }

    private BeanInstance<?> instance(ScopedBean scoped, Entry entry, Read read)
            throws UnreadableException {
        Form form = BeanSerialization.formOf(entry.bytes());
        return instance(scoped.bean(), scoped, read.graph(), form);
    }

    /** None where a {@code CreationalContext} is written with it, which is the container's own. */
    private Optional<Shape> shape(ScopedBean scoped, BeanInstance<?> instance) {
        return scoped.hasEmptyCreationalContext(instance.instance())
                ? shapes.of(instance.instance())
                : Optional.empty();
    }

    /** Empty if it cannot be written: to be told where it is saved. */
    private Optional<Entry> written(BeanKey key, BeanInstance<?> instance) {
        try {
            return Optional.of(write(key, instance));
        } catch (SessionException e) {
            return Optional.empty();
        }
    }

    private Optional<Entry> writtenAgain(BeanKey key, ScopedBean scoped, Entry entry) {
        try {
            return written(key, instance(scoped, entry, read(entry)));
        } catch (UnreadableException e) {
            return Optional.empty();
        }
    }

    // canBe() has looked at the instance, and the context was written with it
    @SuppressWarnings("unchecked")
    private <T> BeanInstance<T> instance(Bean<T> bean, ScopedBean scoped, Object graph, Form form)
            throws UnreadableException {
        Object instance = graph;
        CreationalContext<T> creationalContext = null;
        if (graph instanceof Graph pair) {
            instance = pair.instance;
            creationalContext = (CreationalContext<T>) pair.creationalContext;
        }
        if (!scoped.canBe(instance)) {
            throw new UnreadableException(
                    "it is of another class, "
                            + (instance == null ? "none" : instance.getClass().getName()));
        }
        if (creationalContext == null) {
            if (!scoped.hasEmptyCreationalContext(instance)) {
                throw new UnreadableException(
                        "it was written when nothing was injected into the bean, and its injected"
                                + " fields would be empty");
            }
            creationalContext = beanManager.createCreationalContext(bean);
        }
        return new BeanInstance<>(bean, (T) instance, creationalContext, form, Optional.empty());
    }

    @Override
    public Entry write(BeanKey key, Object bean) {
        BeanInstance<?> instance = (BeanInstance<?>) bean;
        ScopedBean scoped = scopedBeans.find(key).orElseThrow();
        boolean isPlain = scoped.hasEmptyCreationalContext(instance.instance());
        Object graph =
                isPlain
                        ? instance.instance()
                        : new Graph(instance.instance(), instance.creationalContext());
        Written written =
                inApplication(
                        () ->
                                serialization.write(
                                        form(scoped, instance),
                                        graph,
                                        instance.instance(),
                                        key.text()));
        Entry entry =
                new Entry(written.bound() ? scopedBeans.deploymentOf(scoped) : "", written.bytes());
        return instance.asRead().map(read -> read.orStored(entry)).orElse(entry);
    }

    private Form form(ScopedBean scoped, BeanInstance<?> instance) {
        boolean isForJava =
                forJava.contains(scoped.key())
                        || !scoped.hasEmptyCreationalContext(instance.instance());
        return isForJava ? Form.JAVA : instance.form();
    }

    @Override
    public void requireReadable(BeanKey key, Object bean, Entry entry) {
        Object instance = ((BeanInstance<?>) bean).instance();
        ScopedBean scoped = scopedBeans.find(key).orElseThrow();
        serialization.requireReadable(
                entry.bytes(),
                () -> scoped.hasEmptyCreationalContext(instance) && shapes.isShallow(instance),
                key.text());
    }

    @Override
    public boolean isSurelyAsRead(Object bean) {
        Optional<AsRead> asRead = ((BeanInstance<?>) bean).asRead();
        return asRead.isPresent() && asRead.get().isSurelyUnchanged();
    }

    @Override
    public boolean isStored(BeanKey key) {
        return scopedBeans.find(key).isPresent();
    }

    @Override
    public void destroy(BeanKey key, Object bean) {
        try {
            ((BeanInstance<?>) bean).destroy();
        } catch (RuntimeException e) {
            LOG.log(
                    Level.WARNING,
                    "The end of " + key + " has thrown; its session is over anyway",
                    e);
        }
    }

    @Override
    public boolean dropsOnLogin(BeanKey key) {
        return scopedBeans.find(key).filter(ScopedBean::dropsOnLogin).isPresent();
    }

    @Override
    public ConflictPolicy conflictPolicy(BeanKey key) {
        return scopedBeans
                .find(key)
                .flatMap(ScopedBean::conflictPolicy)
                .orElse(defaultConflictPolicy);
    }

    @Override
    public Entry resolve(BeanKey key, Entry base, Entry theirs, Entry ours) {
        ScopedBean scoped = scopedBeans.find(key).orElseThrow();
        BeanInstance<?> begun = base == null ? null : readForResolver(key, base);
        BeanInstance<?> left = readForResolver(key, theirs);
        BeanInstance<?> right = readForResolver(key, ours);
        Object resolved =
                conflictResolvers.resolve(
                        scoped,
                        begun == null ? null : begun.instance(),
                        left.instance(),
                        right.instance());
        BeanInstance<?> settled = holder(scoped, resolved, left, right, begun);
        Entry entry = write(key, settled);
        requireReadable(key, settled, entry);
        return entry;
    }

    private BeanInstance<?> readForResolver(BeanKey key, Entry entry) {
        try {
            return (BeanInstance<?>) read(key, entry);
        } catch (UnreadableException e) {
            throw new SessionConflictException(
                    "Two requests changed "
                            + key
                            + " at once, and what one of them stored cannot be read here: "
                            + e.getMessage(),
                    e);
        }
    }

    /** The one of the three that holds the resolved instance, or a new one where that will do. */
    private BeanInstance<?> holder(ScopedBean scoped, Object resolved, BeanInstance<?>... read) {
        for (BeanInstance<?> one : read) {
            if (one != null && one.instance() == resolved) {
                return one;
            }
        }
        try {
            boolean madeByTheContainer = read[0].instance().getClass() == resolved.getClass();
            if (scoped.kind() == ScopedBean.Kind.CLASS && !madeByTheContainer) {
                throw new UnreadableException("it lacks the bean's interceptors or decorators");
            }
            return instance(scoped.bean(), scoped, resolved, read[0].form());
        } catch (UnreadableException e) {
            throw new SessionConflictException(
                    "The ConflictResolver of "
                            + scoped.key()
                            + " gave an instance that cannot be stored: "
                            + e.getMessage()
                            + ". It can return one of the three that it was given",
                    e);
        }
    }

    private <T, X extends Exception> T inApplication(Work<T, X> work) throws X {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        if (before == applicationLoader) {
            return work.run();
        }
        thread.setContextClassLoader(applicationLoader);
        try {
            return work.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private interface Work<T, X extends Exception> {
        T run() throws X;
    }
}
