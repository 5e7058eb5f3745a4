package org.memcachedsession.servers.login.site;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.memcachedsession.MemcachedSessionScoped;

/** What a visitor has chosen, before and after somebody logs in. */
@MemcachedSessionScoped
public class Cart implements Serializable {

    private static final long serialVersionUID = 1;

    private final List<String> items = new ArrayList<>();

    void add(String item) {
        items.add(item);
    }

    List<String> items() {
        return items;
    }
}
