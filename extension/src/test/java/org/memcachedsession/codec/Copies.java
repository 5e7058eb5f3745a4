package org.memcachedsession.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;

/** JDK serialization, without a look at what it writes. */
final class Copies {

    private Copies() {}

    static byte[] written(Object graph) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(graph);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    /** With descriptions of classes, as {@link JavaSerialization} writes. */
    static byte[] writtenWithDescriptions(Object graph) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(BeanInput.MARK);
        try (ObjectOutputStream out = new DescribingOutput(bytes)) {
            out.writeObject(graph);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    private static final class DescribingOutput extends ObjectOutputStream {

        DescribingOutput(OutputStream out) throws IOException {
            super(out);
        }

        @Override
        protected void writeStreamHeader() {}

        @Override
        protected void writeClassDescriptor(ObjectStreamClass descriptor) throws IOException {
            ClassDescription.of(descriptor).writeTo(this);
        }
    }

    static Object read(byte[] bytes) {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unchecked")
    static <T> T of(T graph) {
        return (T) read(written(graph));
    }
}
