package org.memcachedsession.cdi;

import jakarta.enterprise.concurrent.spi.ThreadContextProvider;
import jakarta.enterprise.concurrent.spi.ThreadContextRestorer;
import jakarta.enterprise.concurrent.spi.ThreadContextSnapshot;
import java.util.Map;
import org.memcachedsession.session.CurrentUnitOfWork.Binding;

/**
 * Hands the session on to the tasks of a {@code ManagedExecutorService} or {@code ContextService}
 * (Jakarta Concurrency 3.0, section 3.3.5), as the context type {@code MemcachedSession}. For servers,
 * which find it as a service.
 */
public final class ConcurrencyContextProvider implements ThreadContextProvider {

    @Override
    public ThreadContextSnapshot currentContext(Map<String, String> properties) {
        return snapshot(PropagatedSession.current());
    }

    @Override
    public ThreadContextSnapshot clearedContext(Map<String, String> properties) {
        return snapshot(PropagatedSession.cleared());
    }

    private static ThreadContextSnapshot snapshot(PropagatedSession.Begin begin) {
        return () -> {
            Binding binding = begin.begin();
            ThreadContextRestorer restorer = binding::close;
            return restorer;
        };
    }

    @Override
    public String getThreadContextType() {
        return PropagatedSession.TYPE;
    }
}
