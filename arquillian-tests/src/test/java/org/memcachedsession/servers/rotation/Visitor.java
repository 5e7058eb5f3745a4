package org.memcachedsession.servers.rotation;

import java.io.Serializable;
import org.memcachedsession.MemcachedSessionScoped;

/** Who the application thinks is there; the container knows nobody. */
@MemcachedSessionScoped
public class Visitor implements Serializable {

    private static final long serialVersionUID = 1;

    private String name = "nobody";

    public void become(String user) {
        name = user;
    }

    public String name() {
        return name;
    }
}
