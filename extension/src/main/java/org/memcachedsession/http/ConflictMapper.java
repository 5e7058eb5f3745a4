package org.memcachedsession.http;

import jakarta.annotation.Priority;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import org.memcachedsession.SessionConflictException;

/**
 * Another request has changed the same bean: 409 from JAX-RS resources, also from those that answer
 * asynchronously, past the filter. Last in the order of priorities: an application's own mapper comes
 * before it.
 */
@Provider
@Priority(Integer.MAX_VALUE)
public final class ConflictMapper implements ExceptionMapper<SessionConflictException> {

    @Override
    public Response toResponse(SessionConflictException exception) {
        return Response.status(Response.Status.CONFLICT).build();
    }
}
