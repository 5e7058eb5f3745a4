package org.memcachedsession.store;

import com.google.code.yanf4j.config.Configuration;
import com.google.code.yanf4j.core.SocketOption;
import com.google.code.yanf4j.core.impl.StandardSocketOption;
import com.google.code.yanf4j.nio.impl.Reactor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import net.rubyeye.xmemcached.CommandFactory;
import net.rubyeye.xmemcached.MemcachedSessionComparator;
import net.rubyeye.xmemcached.MemcachedSessionLocator;
import net.rubyeye.xmemcached.XMemcachedClient;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;
import net.rubyeye.xmemcached.buffer.BufferAllocator;
import net.rubyeye.xmemcached.command.TextCommandFactory;
import net.rubyeye.xmemcached.impl.MemcachedConnector;

/**
 * xmemcached's client of one server: started without a connection, and stopped. Requests go to the
 * connections themselves.
 *
 * <p>Its "failure mode" keeps keys from moving to another server when theirs is lost. A client that
 * knows one server has no other, and without that mode it forgets a lost connection at once.
 */
final class ServerClient extends XMemcachedClient {

    /** With less, a large session goes out in pieces that each wait for an acknowledgement. */
    private static final int BUFFER_SIZE = 256 * 1024;

    private final boolean binary;

    ServerClient(MemcachedStoreParameters parameters, OpenConnections connections, String name)
            throws IOException {
        super(
                connections,
                null,
                null,
                configuration(),
                socketOptions(),
                new TextCommandFactory(),
                null,
                null,
                List.of(),
                Map.of(),
                parameters.connections(),
                parameters.connectTimeout().toMillis(),
                name,
                false,
                false);
        binary = Opening.isBinary(parameters.credentials());
    }

    /** By which xmemcached asks whether an idle connection is alive. */
    @Override
    public net.rubyeye.xmemcached.utils.Protocol getProtocol() {
        return binary
                ? net.rubyeye.xmemcached.utils.Protocol.Binary
                : net.rubyeye.xmemcached.utils.Protocol.Text;
    }

    ServerConnector connector() {
        return (ServerConnector) connector;
    }

    /** False once an error has ended its thread, lack of memory say. It does nothing any more then. */
    boolean works() {
        return reactor().isAlive();
    }

    private Reactor reactor() {
        return connector().getSelectorManager().getReactorByIndex(0);
    }

    /** Waits for the end of its thread, after the shutdown. */
    void awaitEnd(long deadline) {
        Reactor reactor = reactor();
        Threads.join(reactor, deadline);
        if (!reactor.isAlive()) {
            try {
                reactor.getSelector().close(); // one that an error has ended has not closed it
            } catch (IOException alreadyClosed) {
                // and that is all that was wanted
            }
        }
    }

    private static Configuration configuration() {
        Configuration configuration = XMemcachedClientBuilder.getDefaultConfiguration();
        configuration.setSessionReadBufferSize(BUFFER_SIZE);
        return configuration;
    }

    @SuppressWarnings("rawtypes") // so xmemcached declares it
    private static Map<SocketOption, Object> socketOptions() {
        Map<SocketOption, Object> options = XMemcachedClientBuilder.getDefaultSocketOptions();
        options.put(StandardSocketOption.SO_SNDBUF, BUFFER_SIZE);
        options.put(StandardSocketOption.SO_RCVBUF, BUFFER_SIZE);
        options.put(StandardSocketOption.TCP_NODELAY, true);
        return options;
    }

    @Override
    @SuppressWarnings("deprecation") // the allocator: xmemcached's own signature
    protected MemcachedConnector newConnector(
            BufferAllocator allocator,
            Configuration configuration,
            MemcachedSessionLocator locator,
            MemcachedSessionComparator comparator,
            CommandFactory commands,
            int poolSize,
            int queuedNoReply) {
        // answers are handled on the thread that reads them: they only complete a future
        configuration.setDispatchMessageThreadCount(0);
        return new ServerConnector(
                configuration, locator, comparator, allocator, commands, poolSize, queuedNoReply);
    }
}
