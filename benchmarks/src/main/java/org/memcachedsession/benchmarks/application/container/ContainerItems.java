package org.memcachedsession.benchmarks.application.container;

import jakarta.enterprise.context.SessionScoped;
import java.io.Serializable;
import org.memcachedsession.benchmarks.application.Items;
import org.memcachedsession.benchmarks.application.KeptItems;

/** The bean of the container's own session scope, in its memory or where the container replicates it. */
@SessionScoped
public class ContainerItems implements KeptItems, Serializable {

    private static final long serialVersionUID = 1L;

    private Items items;

    @Override
    public void begin(Items items) {
        this.items = items;
    }

    @Override
    public Items read() {
        return items;
    }
}
