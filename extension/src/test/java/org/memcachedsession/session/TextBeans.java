package org.memcachedsession.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.memcachedsession.SessionException;

/** Beans for tests of the rules: each is a text that can be changed, and all that happens is noted. */
final class TextBeans implements Beans {

    /** Cannot be written. */
    static final String UNWRITABLE = "unwritable";

    /** Cannot be read. */
    static final String UNREADABLE = "unreadable";

    static final class Text {
        String value;

        Text(String value) {
            this.value = value;
        }
    }

    final List<String> log = new ArrayList<>();

    @Override
    public Object read(BeanKey key, Entry entry) throws UnreadableException {
        String value = new String(entry.bytes(), UTF_8);
        if (value.equals(UNREADABLE)) {
            throw new UnreadableException("it says so itself");
        }
        log.add("read " + key);
        return new Text(value);
    }

    @Override
    public Entry write(BeanKey key, Object bean) {
        String value = ((Text) bean).value;
        if (value.equals(UNWRITABLE)) {
            throw new SessionException(key + " cannot be written");
        }
        log.add("write " + key);
        return new Entry("", value.getBytes(UTF_8));
    }

    @Override
    public boolean isStored(BeanKey key) {
        return true;
    }

    @Override
    public void destroy(BeanKey key, Object bean) {
        log.add("destroy " + key);
    }

    @Override
    public void sessionInitialized() {
        log.add("initialized");
    }

    @Override
    public void sessionEnding() {
        log.add("ending");
    }

    @Override
    public void sessionDestroyed() {
        log.add("destroyed");
    }
}
