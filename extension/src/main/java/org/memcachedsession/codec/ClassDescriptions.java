package org.memcachedsession.codec;

import java.io.IOException;
import java.io.ObjectStreamClass;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The descriptions of the classes of one application, as this JVM writes them. Many threads use it at once. */
final class ClassDescriptions {

    /** Descriptors are equal to themselves alone. The JDK gives the same again as long as it is held here. */
    private final Map<ObjectStreamClass, ClassDescription> written = new ConcurrentHashMap<>();

    private final Map<ClassDescription, ObjectStreamClass> read = new ConcurrentHashMap<>();

    ClassDescription of(ObjectStreamClass descriptor) throws IOException {
        ClassDescription known = written.get(descriptor);
        if (known != null) {
            return known;
        }
        ClassDescription description = ClassDescription.of(descriptor);
        if (isOfThisJvm(descriptor)) {
            written.put(descriptor, description);
        }
        return description;
    }

    /** Others are objects that a bean has read, and of those there is no end. */
    private static boolean isOfThisJvm(ObjectStreamClass descriptor) {
        Class<?> type = descriptor.forClass();
        return type != null && ObjectStreamClass.lookupAny(type) == descriptor;
    }

    /** The descriptor here of the class that is described, once {@link #isHere} has found that it is described so here too. */
    Optional<ObjectStreamClass> find(ClassDescription description) {
        return Optional.ofNullable(read.get(description));
    }

    /**
     * Whether a class is described so here too; if so, {@link #find} gives it from now on.
     *
     * @param here of the class that the application finds by the name in the description
     */
    boolean isHere(ClassDescription description, ObjectStreamClass here) throws IOException {
        ClassDescription own = of(here);
        if (!own.equals(description)) {
            return false;
        }
        read.put(own, here);
        return true;
    }
}
