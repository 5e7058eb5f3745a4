package org.memcachedsession.cdi;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.memcachedsession.codec.TestCodec;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.Entry;
import org.memcachedsession.session.RecordCodec;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SessionRecord;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.session.StoredItem;
import org.memcachedsession.session.UnreadableException;

/** What the store holds of a browser's session, opened as a node of the test's application does. */
record StoredSession(SessionRecord content) {

    static StoredSession of(CookieJar browser, SessionStore store) throws UnreadableException {
        return find(browser, store).orElseThrow();
    }

    static Optional<StoredSession> find(CookieJar browser, SessionStore store)
            throws UnreadableException {
        if (browser.id().isEmpty()) {
            return Optional.empty();
        }
        RecordCodec codec = TestCodec.of("test");
        SessionId id = browser.id().get();
        Optional<StoredItem> item = store.load(codec.itemKey(id));
        return item.isPresent()
                        && codec.open(id, item.get().value()) instanceof SessionRecord session
                ? Optional.of(new StoredSession(session))
                : Optional.empty();
    }

    Set<String> keys() {
        return content.entries().keySet().stream().map(BeanKey::text).collect(Collectors.toSet());
    }

    /** The entry of the class of a bean without qualifiers. */
    Entry entry(Class<?> beanClass) {
        return entry("class " + beanClass.getName());
    }

    /** The entry with this key, or null. */
    Entry entry(String key) {
        return content.entries().get(new BeanKey(key));
    }
}
