package org.memcachedsession.cdi;

import java.util.Map;
import org.eclipse.microprofile.context.spi.ThreadContextProvider;
import org.eclipse.microprofile.context.spi.ThreadContextSnapshot;
import org.memcachedsession.session.CurrentUnitOfWork.Binding;

/**
 * Hands the session on to the tasks of MicroProfile Context Propagation's {@code ManagedExecutor} and
 * {@code ThreadContext}, as the context type {@code MemcachedSession}. Found as a service where that
 * API is there.
 */
public final class MicroProfileContextProvider implements ThreadContextProvider {

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
            return binding::close;
        };
    }

    @Override
    public String getThreadContextType() {
        return PropagatedSession.TYPE;
    }
}
