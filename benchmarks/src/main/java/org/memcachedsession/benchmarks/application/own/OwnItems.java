package org.memcachedsession.benchmarks.application.own;

import java.io.Serializable;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.benchmarks.application.Items;

/** The bean of this library's scope. */
@MemcachedSessionScoped
public class OwnItems implements Serializable {

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
