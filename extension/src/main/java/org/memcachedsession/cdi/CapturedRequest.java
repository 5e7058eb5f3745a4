package org.memcachedsession.cdi;

import jakarta.enterprise.context.ContextNotActiveException;
import org.memcachedsession.session.CurrentUnitOfWork;
import org.memcachedsession.session.CurrentUnitOfWork.Binding;
import org.memcachedsession.session.UnitOfWork;

/** A request on its way to another thread. */
record CapturedRequest(CurrentUnitOfWork current, UnitOfWork unitOfWork) {

    /** Binds the calling thread to the request, also if that is over: its beans say so when used. */
    Binding bind() {
        return current.bind(unitOfWork);
    }

    /**
     * @throws ContextNotActiveException the request is over
     */
    Binding bindOpen() {
        SessionContext.Requests.requireOpen(unitOfWork);
        return bind();
    }
}
