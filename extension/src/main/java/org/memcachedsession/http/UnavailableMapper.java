package org.memcachedsession.http;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import org.memcachedsession.SessionStoreException;

/**
 * Memcached does not answer: 503 from JAX-RS resources, also from those that answer asynchronously,
 * past the filter. An application's own mapper for the exception takes precedence by its priority.
 */
@Provider
public final class UnavailableMapper implements ExceptionMapper<SessionStoreException> {

    @Override
    public Response toResponse(SessionStoreException exception) {
        return Response.status(Response.Status.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, Exchange.RETRY_AFTER_SECONDS)
                .build();
    }
}
