package org.memcachedsession.http;

import jakarta.annotation.Priority;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import org.memcachedsession.SessionStoreException;

/**
 * Memcached does not answer: 503 from JAX-RS resources, also from those that answer asynchronously,
 * past the filter. Last in the order of priorities: an application's own mapper comes before it.
 */
@Provider
@Priority(Integer.MAX_VALUE)
public final class UnavailableMapper implements ExceptionMapper<SessionStoreException> {

    @Override
    public Response toResponse(SessionStoreException exception) {
        return Response.status(Response.Status.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, Exchange.RETRY_AFTER_SECONDS)
                .build();
    }
}
