package org.memcachedsession.example;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** What JAX-RS refuses by itself, such as an unknown path or a body of another type, in our form too. */
@Provider
public class HttpProblemMapper implements ExceptionMapper<WebApplicationException> {

    @Override
    public Response toResponse(WebApplicationException problem) {
        Response response = problem.getResponse();
        // keeps its headers, such as the methods that are allowed
        return Response.fromResponse(response)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(new Problem(response.getStatusInfo().getReasonPhrase()))
                .build();
    }
}
