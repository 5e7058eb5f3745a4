package org.memcachedsession.cdi;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.memcachedsession.SessionSettings.Server;
import org.memcachedsession.embedded.EmbeddedMemcached;

/** The in-process server of the module embedded-memcached, which a WAR may carry or not. */
final class EmbeddedServer {

    private static final Logger LOG = System.getLogger(EmbeddedServer.class.getName());

    private final EmbeddedMemcached memcached;

    private EmbeddedServer(EmbeddedMemcached memcached) {
        this.memcached = memcached;
    }

    /** Without linking to a class of the module. */
    static boolean isPresent(ClassLoader application) {
        try {
            Class.forName("org.memcachedsession.embedded.EmbeddedMemcached", false, application);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    static EmbeddedServer start() {
        EmbeddedServer server = new EmbeddedServer(EmbeddedMemcached.start());
        LOG.log(
                Level.WARNING,
                "Sessions live in an embedded memcached inside of this node: for development and"
                        + " tests. No other node sees them, and they end with it. Set"
                        + " memcached.session.servers to real servers for anything else");
        return server;
    }

    Server server() {
        return new Server("127.0.0.1", memcached.port());
    }

    void close() {
        memcached.close();
    }
}
