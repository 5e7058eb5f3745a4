package org.memcachedsession.servers.inside;

import java.io.Serializable;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.servers.numbered.Numbered;

/** Intercepted and decorated. */
@MemcachedSessionScoped
@Numbered
class CountingGreeter implements Greeter, Serializable {

    private static final long serialVersionUID = 1;

    private int greetings;

    @Override
    public String greet(String name) {
        return "greeting " + ++greetings + " for " + name;
    }
}
