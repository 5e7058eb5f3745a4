package org.memcachedsession.session.interleaving;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.memcachedsession.ConflictPolicy;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.Beans;
import org.memcachedsession.session.Entry;
import org.memcachedsession.session.SessionRecord;

/** Beans that are texts, to which every change adds a tag that no other change adds. */
final class Texts implements Beans {

    static final BeanKey A = new BeanKey("A");
    static final BeanKey B = new BeanKey("B");
    static final BeanKey P = new BeanKey("P");
    static final BeanKey Q = new BeanKey("Q");

    static final List<BeanKey> ALL = List.of(A, B, P, Q);

    static final class Text {
        private String read;
        String value = "";
    }

    /** What a session holds. */
    static Map<BeanKey, String> contentOf(SessionRecord session) {
        Map<BeanKey, String> content = new TreeMap<>();
        session.entries().forEach((key, entry) -> content.put(key, text(entry)));
        return content;
    }

    static Entry entry(String text) {
        return new Entry("", text.getBytes(UTF_8));
    }

    private static String text(Entry entry) {
        return new String(entry.bytes(), UTF_8);
    }

    @Override
    public Object read(BeanKey key, Entry entry) {
        Text bean = new Text();
        bean.read = text(entry);
        bean.value = bean.read;
        return bean;
    }

    @Override
    public Entry write(BeanKey key, Object bean) {
        return entry(((Text) bean).value);
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
    public boolean dropsOnLogin(BeanKey key) {
        return false;
    }

    @Override
    public void destroy(BeanKey key, Object bean) {}

    @Override
    public ConflictPolicy conflictPolicy(BeanKey key) {
        return ConflictPolicy.LAST_WRITE_WINS;
    }

    @Override
    public Entry resolve(BeanKey key, Entry base, Entry theirs, Entry ours) {
        throw new IllegalStateException("the policy is another one");
    }
}
