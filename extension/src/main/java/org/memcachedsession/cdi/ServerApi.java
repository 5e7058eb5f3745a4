package org.memcachedsession.cdi;

import java.util.Optional;

/** What Jakarta EE has and this server may lack. */
final class ServerApi {

    private ServerApi() {}

    /** Whether the application sees a class, without linking to it. */
    static boolean has(String className) {
        return find(className).isPresent();
    }

    /** A class if the application sees it; not initialized. */
    static Optional<Class<?>> find(String className) {
        try {
            return Optional.of(Class.forName(className, false, ServerApi.class.getClassLoader()));
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.empty();
        }
    }
}
