package org.memcachedsession.servers.numbered;

import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.io.Serializable;

/** Counts for one intercepted bean. */
@Interceptor
@Numbered
@Priority(Interceptor.Priority.APPLICATION)
public class NumberedInterceptor implements Serializable {

    private static final long serialVersionUID = 1;

    private int calls;

    @AroundInvoke
    Object number(InvocationContext invocation) throws Exception {
        return ++calls + ": " + invocation.proceed();
    }
}
