package org.memcachedsession.servers.broken;

import java.io.Serializable;
import org.memcachedsession.MemcachedSessionScoped;

@MemcachedSessionScoped
class Draft implements Serializable {

    private static final long serialVersionUID = 1;

    private String text = "";

    void write(String newText) {
        text = newText;
    }

    String text() {
        return text;
    }
}
