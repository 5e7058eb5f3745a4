package org.memcachedsession.session;

/**
 * Which unit of work the calling thread serves, for one application. Whoever binds one unbinds it in
 * {@code finally}, so that a pooled thread carries nothing into its next request.
 */
public final class CurrentUnitOfWork {

    // not static: applications may share this class, and each has one of its own
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<UnitOfWork> bound = new ThreadLocal<>();

    /** What this thread serves, or null. */
    public UnitOfWork get() {
        return bound.get();
    }

    /**
     * Binds a unit of work, or none with null, until the returned binding is closed on the same
     * thread; then what was bound before is bound again.
     */
    public Binding bind(UnitOfWork unitOfWork) {
        UnitOfWork before = bound.get();
        bound.set(unitOfWork);
        // null, and not removed: the thread's entry would be made anew each time
        return () -> bound.set(before);
    }

    /** Ends what {@link #bind} began. */
    public interface Binding extends AutoCloseable {
        @Override
        void close();
    }
}
