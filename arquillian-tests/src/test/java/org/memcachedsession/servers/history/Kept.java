package org.memcachedsession.servers.history;

import java.io.Serializable;

/** State that is written as a whole: the same tag at its begin, at its end and in between. */
abstract class Kept implements Serializable {

    private static final long serialVersionUID = 1;

    /** Some are large, some are small, and a bean is now the one, now the other. */
    private static final int LARGEST_FILLING = 200;

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
}
