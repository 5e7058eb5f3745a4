package org.memcachedsession.cdi;

import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.io.Serializable;
import java.util.Optional;
import org.memcachedsession.SlidingExpiry;
import org.memcachedsession.session.UnitOfWork;

/** Stands where {@link RotateSessionIdInterceptor} does, and for the same reasons. */
@SlidingExpiry
@Interceptor
@Priority(Interceptor.Priority.LIBRARY_BEFORE)
class SlidingExpiryInterceptor implements Serializable {

    private static final long serialVersionUID = 1L;

    @AroundInvoke
    Object expire(InvocationContext invocation) throws Exception {
        MemcachedSessionExtension application = MemcachedSessionExtension.ofThisApplication();
        Expiry expiry =
                application.expiryOf(invocation.getTarget().getClass(), invocation.getMethod());
        if (!expiry.extend()) {
            Optional.ofNullable(application.requests().find()).ifPresent(UnitOfWork::doNotSlide);
        }
        return expiry.setsTimeouts()
                ? WatchedCall.proceed(
                        invocation, new NewTimeouts(expiry, application.requests().get()))
                : invocation.proceed();
    }

    private record NewTimeouts(Expiry expiry, UnitOfWork request) implements Consequence {

        @Override
        public void succeeded() {
            expiry.applyTo(request);
        }

        @Override
        public void failed() {}

        @Override
        public String whenTooLate() {
            return "the session keeps its timeouts";
        }
    }
}
