package org.memcachedsession.servers.canary;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;

@Path("deeds")
@RequestScoped
public class DeedResource {

    @Inject Deeds deeds;

    @GET
    @Path("{deed}")
    public String perform(@PathParam("deed") String deed, @QueryParam("gate") String gate) {
        return deeds.perform(deed, gate);
    }
}
