package org.memcachedsession.servers.rotation;

import java.io.Serializable;
import org.memcachedsession.DropOnLogin;
import org.memcachedsession.MemcachedSessionScoped;

/** What one writes before one says who one is. */
@DropOnLogin
@MemcachedSessionScoped
public class Draft implements Serializable {

    private static final long serialVersionUID = 1;

    private String text = "";

    public void write(String newText) {
        text = newText;
    }

    public String text() {
        return text;
    }
}
