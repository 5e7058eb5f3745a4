package org.memcachedsession.servers.request;

import java.io.Serializable;
import org.memcachedsession.MemcachedSessionScoped;

@MemcachedSessionScoped
class Note implements Serializable {

    private static final long serialVersionUID = 1;

    private String text = "";

    String text() {
        return text;
    }

    void write(String newText) {
        text = newText;
    }
}
