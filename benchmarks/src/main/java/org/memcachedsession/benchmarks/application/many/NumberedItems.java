package org.memcachedsession.benchmarks.application.many;

import java.io.Serializable;
import org.memcachedsession.benchmarks.application.Items;
import org.memcachedsession.benchmarks.application.KeptItems;

/** The class of all beans of the session: {@link NumberedBeans} gives each its scope and its number. */
public class NumberedItems implements KeptItems, Serializable {

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
