package org.memcachedsession.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.memcachedsession.BeanDiscarded;
import org.memcachedsession.ConflictPolicy;
import org.memcachedsession.SessionConflictException;
import org.memcachedsession.SessionEnded;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionLost;
import org.memcachedsession.SessionRefused;
import org.memcachedsession.SessionRotated;

/** Beans for tests of the rules: each is a text that can be changed, and all that happens is noted. */
final class TextBeans implements Beans, SessionEvents {

    /** Cannot be written. */
    static final String UNWRITABLE = "unwritable";

    /** Cannot be read. */
    static final String UNREADABLE = "unreadable";

    static final class Text {
        private String read;
        String value;

        Text(String value) {
            this.value = value;
        }
    }

    /** Cannot be resolved. */
    static final String UNRESOLVABLE = "unresolvable";

    final Set<BeanKey> dropped = new HashSet<>();
    final Map<BeanKey, ConflictPolicy> policies = new HashMap<>();
    final List<String> log = Collections.synchronizedList(new ArrayList<>());

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
        Text bean = new Text(value);
        bean.read = value;
        return bean;
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
    public void requireReadable(BeanKey key, Object bean, Entry entry) {}

    @Override
    public boolean isSurelyAsRead(Object bean) {
        Text text = (Text) bean;
        return text.value.equals(text.read);
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
    public boolean dropsOnLogin(BeanKey key) {
        return dropped.contains(key);
    }

    @Override
    public ConflictPolicy conflictPolicy(BeanKey key) {
        return policies.getOrDefault(key, ConflictPolicy.LAST_WRITE_WINS);
    }

    /** All three, so that a test sees what was given. */
    @Override
    public Entry resolve(BeanKey key, Entry base, Entry theirs, Entry ours) {
        String resolved = text(base) + "|" + text(theirs) + "|" + text(ours);
        if (resolved.contains(UNRESOLVABLE)) {
            throw new SessionConflictException("nobody resolves " + resolved);
        }
        return new Entry("", resolved.getBytes(UTF_8));
    }

    private static String text(Entry entry) {
        return entry == null ? "nothing" : new String(entry.bytes(), UTF_8);
    }

    @Override
    public void begun() {
        note("begun");
    }

    @Override
    public void ending() {
        note("ending");
    }

    @Override
    public void ended(SessionId id, SessionEnded.Cause cause) {
        note("ended " + cause);
    }

    @Override
    public void created(SessionId id) {
        note("created");
    }

    @Override
    public void rotated(SessionId id, SessionId before, SessionRotated.Cause cause) {
        note("rotated " + cause);
    }

    @Override
    public void lost(SessionId id, SessionLost.Cause cause) {
        note("lost " + cause);
    }

    @Override
    public void refused(SessionId id, SessionRefused.Cause cause) {
        note("refused " + cause);
    }

    @Override
    public void discarded(SessionId id, BeanKey key, BeanDiscarded.Cause cause) {
        note("discarded " + key + " " + cause);
    }

    @Override
    public void conflicted(SessionId id, BeanKey key, ConflictPolicy policy) {
        note("conflicted " + key + " " + policy);
    }
}
