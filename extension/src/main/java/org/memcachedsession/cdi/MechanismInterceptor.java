package org.memcachedsession.cdi;

import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.Serializable;
import org.memcachedsession.http.MechanismExchange;

/**
 * Gives the session to an authentication mechanism and to the identity stores that it asks. Before the
 * interceptors of Jakarta Security, which redirect too.
 */
@Interceptor
@Authenticates
@Priority(Interceptor.Priority.PLATFORM_BEFORE)
class MechanismInterceptor implements Serializable {

    private static final long serialVersionUID = 1L;

    @AroundInvoke
    Object around(InvocationContext invocation) throws Exception {
        Object[] given = invocation.getParameters();
        boolean validates =
                invocation.getMethod().getName().equals("validateRequest")
                        && given.length == 3
                        && given[0] instanceof HttpServletRequest
                        && given[1] instanceof HttpServletResponse
                        && given[2] instanceof HttpMessageContext;
        if (!validates) {
            return invocation.proceed();
        }
        return MechanismExchange.run(
                (HttpServletRequest) given[0],
                (HttpServletResponse) given[1],
                (HttpMessageContext) given[2],
                (request, response, message) -> {
                    invocation.setParameters(new Object[] {request, response, message});
                    return (AuthenticationStatus) invocation.proceed();
                });
    }
}
