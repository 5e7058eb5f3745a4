package org.memcachedsession.servers.canary;

import jakarta.enterprise.context.ApplicationScoped;
import org.memcachedsession.RotateSessionId;

/** Lets everybody in. */
@ApplicationScoped
public class Accounts {

    @RotateSessionId
    public void logIn() {}
}
