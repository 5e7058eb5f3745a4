package org.memcachedsession.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import org.memcachedsession.BeanDiscarded;
import org.memcachedsession.ConflictPolicy;
import org.memcachedsession.SessionConflictException;
import org.memcachedsession.SessionEnded;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionLost;
import org.memcachedsession.SessionRefused;
import org.memcachedsession.SessionRotated;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.Beans;
import org.memcachedsession.session.Entry;
import org.memcachedsession.session.SessionEvents;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.UnreadableException;

/** Beans without a container: objects that go through Java serialization. */
final class SerializedBeans implements Beans, SessionEvents {

    @Override
    public Object read(BeanKey key, Entry entry) throws UnreadableException {
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(entry.bytes()))) {
            return in.readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new UnreadableException("not an object", e);
        }
    }

    @Override
    public Entry write(BeanKey key, Object bean) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(bean);
        } catch (IOException e) {
            throw new SessionException(key + " cannot be serialized", e);
        }
        return new Entry("", bytes.toByteArray());
    }

    @Override
    public void requireReadable(BeanKey key, Object bean, Entry entry) {}

    @Override
    public boolean isSurelyAsRead(Object bean) {
        return false;
    }

    @Override
    public boolean isStored(BeanKey key) {
        return true;
    }

    @Override
    public boolean dropsOnLogin(BeanKey key) {
        return key.text().endsWith(" dropped");
    }

    @Override
    public void destroy(BeanKey key, Object bean) {}

    /** By the end of the key, {@code FAIL} and the like. */
    @Override
    public ConflictPolicy conflictPolicy(BeanKey key) {
        return Arrays.stream(ConflictPolicy.values())
                .filter(policy -> key.text().endsWith(" " + policy.name()))
                .findFirst()
                .orElse(ConflictPolicy.LAST_WRITE_WINS);
    }

    @Override
    public Entry resolve(BeanKey key, Entry base, Entry theirs, Entry ours) {
        throw new SessionConflictException("nobody resolves " + key);
    }

    @Override
    public void begun() {}

    @Override
    public void ending() {}

    @Override
    public void ended(SessionId id, SessionEnded.Cause cause) {}

    @Override
    public void created(SessionId id) {}

    @Override
    public void rotated(SessionId id, SessionId before, SessionRotated.Cause cause) {}

    @Override
    public void lost(SessionId id, SessionLost.Cause cause) {}

    @Override
    public void refused(SessionId id, SessionRefused.Cause cause) {}

    @Override
    public void discarded(SessionId id, BeanKey key, BeanDiscarded.Cause cause) {}

    @Override
    public void conflicted(SessionId id, BeanKey key, ConflictPolicy policy) {}
}
