package org.memcachedsession.benchmarks.application.own;

import java.io.Serializable;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.benchmarks.application.Items;
import org.memcachedsession.benchmarks.application.KeptItems;

/** The bean of this library's scope. */
@MemcachedSessionScoped
public class OwnItems implements KeptItems, Serializable {

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
