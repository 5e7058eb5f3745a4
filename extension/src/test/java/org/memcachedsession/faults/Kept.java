package org.memcachedsession.faults;

import java.io.Serializable;
import org.memcachedsession.MemcachedSessionScoped;

/** State that is written as a whole: the same tag at its begin, at its end and in between. */
abstract class Kept implements Serializable {

    private static final long serialVersionUID = 1;
    private static final int LARGEST_FILLING = 60;

    private String tag = "";
    private String filling = "";
    private String echo = "";

    void write(String written) {
        tag = written;
        filling = written.repeat(Math.floorMod(written.hashCode(), LARGEST_FILLING));
        echo = written;
    }

    /** The tag, and what the rest of the bean says the tag is. */
    String view() {
        boolean whole = filling.equals(tag.repeat(Math.floorMod(tag.hashCode(), LARGEST_FILLING)));
        return tag + "/" + (whole ? echo : "filling-of-another");
    }

    @MemcachedSessionScoped
    static class First extends Kept {
        private static final long serialVersionUID = 1;
    }

    @MemcachedSessionScoped
    static class Second extends Kept {
        private static final long serialVersionUID = 1;
    }

    @MemcachedSessionScoped
    static class Third extends Kept {
        private static final long serialVersionUID = 1;
    }

    /** Counts. */
    @MemcachedSessionScoped
    static class Hops implements Serializable {
        private static final long serialVersionUID = 1;
        private int count;

        int add() {
            return ++count;
        }
    }
}
