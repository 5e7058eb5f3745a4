package org.memcachedsession.cdi;

/** What Jakarta EE has and this server may lack. */
final class ServerApi {

    private ServerApi() {}

    /** Whether the application sees a class, without linking to it. */
    static boolean has(String className) {
        try {
            Class.forName(className, false, ServerApi.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }
}
