package org.memcachedsession.servers.cluster;

import jakarta.inject.Inject;
import java.io.Serializable;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.servers.numbered.Numbered;

/** Bound to one kind of server: its bytes have the container's own classes and names in them. */
@MemcachedSessionScoped
@Numbered
class Greeter implements Serializable {

    private static final long serialVersionUID = 1;

    @Inject Visits visits;

    private int greetings;

    String greet() {
        return "greeting " + ++greetings + " at visit " + visits.count();
    }
}
