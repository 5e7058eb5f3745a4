package org.memcachedsession.cdi;

import jakarta.enterprise.context.ContextNotActiveException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.memcachedsession.session.CurrentUnitOfWork;
import org.memcachedsession.session.CurrentUnitOfWork.Binding;
import org.memcachedsession.session.UnitOfWork;

/** A request on its way to another thread. */
record CapturedRequest(CurrentUnitOfWork current, UnitOfWork unitOfWork) {

    private static final Logger LOG = System.getLogger(CapturedRequest.class.getName());

    static CapturedRequest of(UnitOfWork unitOfWork, CurrentUnitOfWork current) {
        unitOfWork.handOn();
        return new CapturedRequest(current, unitOfWork);
    }

    /** Binds the calling thread to the request, also if that is over: its beans say so when used. */
    Binding bind() {
        return current.bind(unitOfWork);
    }

    /**
     * As {@link #bind}, for a task that was given the session on purpose: a warning says so if it has
     * outlived the request.
     *
     * @throws ContextNotActiveException the request is over
     */
    Binding bindOpen() {
        SessionContext.Requests.requireOpen(unitOfWork);
        Binding binding = bind();
        return () -> {
            binding.close();
            warnIfOver();
        };
    }

    private void warnIfOver() {
        if (!unitOfWork.isOpen()) {
            LOG.log(
                    Level.WARNING,
                    "A task that MemcachedSession.capture has wrapped was still running when its request"
                            + " ended (thread \"{0}\"): what it has changed since is lost. Let it end"
                            + " before the answer leaves",
                    Thread.currentThread().getName());
        }
    }
}
