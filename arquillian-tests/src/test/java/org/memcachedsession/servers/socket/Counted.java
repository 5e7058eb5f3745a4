package org.memcachedsession.servers.socket;

import java.io.Serializable;

abstract class Counted implements Serializable {

    private static final long serialVersionUID = 1;

    private int count;

    int add() {
        return ++count;
    }

    int count() {
        return count;
    }
}
