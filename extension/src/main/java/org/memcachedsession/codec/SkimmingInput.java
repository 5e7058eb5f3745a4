package org.memcachedsession.codec;

import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectStreamClass;
import java.util.Optional;

/**
 * Goes through a stream as reading it does, level by level and under the same limits, and makes nothing of it: to
 * the JDK all its classes are missing, so it passes over their objects, and nothing of the application runs.
 */
final class SkimmingInput extends BeanInput {

    /** One for all classes: where it comes from is dear to find out, and nobody asks. */
    private final ClassNotFoundException missing = new ClassNotFoundException();

    private final ClassDescriptions descriptions;

    SkimmingInput(byte[] bytes, ClassDescriptions descriptions, ObjectInputFilter limits)
            throws IOException {
        super(bytes);
        this.descriptions = descriptions;
        setObjectInputFilter(ObjectInputFilter.merge(limits, getObjectInputFilter()));
    }

    /**
     * @throws IOException a limit was exceeded
     */
    void skim() throws IOException {
        try {
            readObject();
        } catch (ClassNotFoundException asExpected) {
            // the stream is at its end
        }
    }

    @Override
    ObjectStreamClass described(ClassDescription description)
            throws IOException, ClassNotFoundException {
        Optional<ObjectStreamClass> known = descriptions.find(description);
        return known.isPresent() ? known.get() : description.parsed();
    }

    @Override
    ObjectStreamClass sent(ObjectStreamClass descriptor) {
        return descriptor;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass descriptor)
            throws IOException, ClassNotFoundException {
        String name = descriptor.getName();
        if (isArrayOfPrimitives(name)) {
            return Class.forName(name); // without it, the numbers would be taken for objects
        }
        throw missing;
    }

    private static boolean isArrayOfPrimitives(String name) {
        return name.startsWith("[") && !name.endsWith(";");
    }

    @Override
    protected Class<?> resolveProxyClass(String[] interfaces) throws ClassNotFoundException {
        throw missing;
    }
}
