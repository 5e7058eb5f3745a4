package org.memcachedsession.servers.inside;

import jakarta.ejb.Stateless;

@Stateless
public class Clerk {

    public String answer() {
        return "at your service";
    }
}
