package org.memcachedsession.servers.login.site;

import java.io.Serializable;
import org.memcachedsession.MemcachedSessionScoped;

/** What a mechanism remembers while the user is at the site where they log in. */
@MemcachedSessionScoped
public class Handshake implements Serializable {

    private static final long serialVersionUID = 1;

    private String state = "";
    private int begun;

    String begin() {
        state = "state " + ++begun;
        return state;
    }

    boolean end(String returned) {
        boolean isOurs = !state.isEmpty() && state.equals(returned);
        state = "";
        return isOurs;
    }

    String state() {
        return state;
    }
}
