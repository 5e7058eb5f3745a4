package org.memcachedsession.benchmarks.application.container;

import jakarta.enterprise.context.SessionScoped;
import java.io.Serializable;
import org.memcachedsession.benchmarks.application.Items;

/** The bean of the container's own session scope, in its memory or where the container replicates it. */
@SessionScoped
public class ContainerItems implements Serializable {

    private static final long serialVersionUID = 1L;

    private Items items;

    /** Begins the session. */
    public void begin(Items items) {
        this.items = items;
    }

    public Items read() {
        return items;
    }

    /** One more change, in place. */
    public Items write() {
        items.change();
        return items;
    }
}
