package org.memcachedsession.cdi;

import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.io.Serializable;
import org.memcachedsession.RotateSessionId;
import org.memcachedsession.session.UnitOfWork;

/** Within the transaction of the method, so that it sees how that ends. Becomes part of passivated beans. */
@RotateSessionId
@Interceptor
@Priority(Interceptor.Priority.LIBRARY_BEFORE)
class RotateSessionIdInterceptor implements Serializable {

    private static final long serialVersionUID = 1L;

    @AroundInvoke
    Object rotate(InvocationContext invocation) throws Exception {
        UnitOfWork request = MemcachedSessionExtension.ofThisApplication().requests().get();
        return WatchedCall.proceed(invocation, new Login(request.expectLogin()));
    }

    private record Login(UnitOfWork.ExpectedLogin login) implements Consequence {

        @Override
        public void succeeded() {
            login.succeeded();
        }

        @Override
        public void failed() {
            login.failed();
        }

        @Override
        public String whenTooLate() {
            return "the session keeps its id, and nothing more of the request is stored";
        }
    }
}
