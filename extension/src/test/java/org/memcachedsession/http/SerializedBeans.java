package org.memcachedsession.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.memcachedsession.SessionException;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.Beans;
import org.memcachedsession.session.Entry;
import org.memcachedsession.session.UnreadableException;

/** Beans without a container: objects that go through Java serialization. */
final class SerializedBeans implements Beans {

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
    public boolean isStored(BeanKey key) {
        return true;
    }

    @Override
    public void destroy(BeanKey key, Object bean) {}

    @Override
    public void sessionInitialized() {}

    @Override
    public void sessionEnding() {}

    @Override
    public void sessionDestroyed() {}
}
