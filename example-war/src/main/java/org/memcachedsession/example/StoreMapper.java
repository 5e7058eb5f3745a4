package org.memcachedsession.example;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import org.memcachedsession.SessionStoreException;

/** The details are for the log of the server, not for the visitor. */
@Provider
public class StoreMapper implements ExceptionMapper<SessionStoreException> {

    @Override
    public Response toResponse(SessionStoreException noAnswer) {
        return Problem.response(503, "The shop cannot find your cart just now. Try again soon.");
    }
}
