package org.memcachedsession.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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

    /** Told of each line of the log; may throw. */
    Consumer<String> hook = event -> {};

    private void note(String event) {
        log.add(event);
        hook.accept(event);
    }

    @Override
    public Object read(BeanKey key, Entry entry) throws UnreadableException {
        String value = new String(entry.bytes(), UTF_8);
        if (value.equals(UNREADABLE)) {
            throw new UnreadableException("it says so itself");
        }
        note("read " + key);
        return new Text(value);
    }

    @Override
    public Entry write(BeanKey key, Object bean) {
        String value = ((Text) bean).value;
        if (value.equals(UNWRITABLE)) {
            throw new SessionException(key + " cannot be written");
        }
        note("write " + key);
        return new Entry("", value.getBytes(UTF_8));
    }

    @Override
    public boolean isStored(BeanKey key) {
        return true;
    }

    @Override
    public void destroy(BeanKey key, Object bean) {
        note("destroy " + key);
    }

    @Override
    public void sessionInitialized() {
        note("initialized");
    }

    @Override
    public void sessionEnding() {
        note("ending");
    }

    @Override
    public void sessionDestroyed() {
        note("destroyed");
    }
}
