package org.memcachedsession.servers.broken.unserializable;

import org.memcachedsession.MemcachedSessionScoped;

/** Cannot be stored, as its author forgot to say that it is serializable. */
@MemcachedSessionScoped
public class Draft {

    private String text = "";

    public void write(String newText) {
        text = newText;
    }

    public String text() {
        return text;
    }
}
