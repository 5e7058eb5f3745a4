package org.memcachedsession.servers.canary;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.memcachedsession.ConflictPolicy;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.OnConflict;

/**
 * Keeps what nobody else may read. It comes and goes by no parameter and no result, so that a server
 * that tells each call of a bean has nothing to tell.
 */
@MemcachedSessionScoped
@OnConflict(ConflictPolicy.FAIL)
public class Diary implements Serializable {

    /** What is searched for everywhere. */
    static final String CANARY = "canary-of-the-diary:V9sXq2TfLw7Rb4Nz";

    private static final long serialVersionUID = 1;
    private static final int TOO_MUCH = 2_000_000;

    private final Map<Object, Object> pages = new HashMap<>();
    private String text = "";

    public void write() {
        text += CANARY;
    }

    public void writeTooMuch() {
        StringBuilder much = new StringBuilder(text).append(CANARY);
        ThreadLocalRandom.current()
                .ints(TOO_MUCH, ' ', '~')
                .forEach(c -> much.append((char) c)); // chance, which nothing compresses
        text = much.toString();
    }

    /** Is not stored: the page cannot be serialized, and says much when it is printed. */
    public void pasteIn() {
        pages.put(CANARY, new Page());
    }

    public boolean isEmpty() {
        return text.isEmpty();
    }

    @Override
    public String toString() {
        return text;
    }

    private static final class Page {
        @Override
        public String toString() {
            return CANARY;
        }
    }
}
