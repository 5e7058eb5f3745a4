package org.memcachedsession.servers.smoke;

import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

@Path("hello")
@RequestScoped
public class Hello {
    @GET
    public String hello() {
        return "hello";
    }
}
