package org.memcachedsession.benchmarks.application.many;

import java.io.Serializable;
import org.memcachedsession.benchmarks.application.Items;

/** The class of all beans of the session: {@link NumberedBeans} gives each its scope and its number. */
public class NumberedItems implements Serializable {

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
