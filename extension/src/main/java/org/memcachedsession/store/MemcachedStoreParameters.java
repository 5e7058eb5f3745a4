package org.memcachedsession.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionSettings.Credentials;
import org.memcachedsession.SessionSettings.Server;

/**
 * What a {@link MemcachedSessionStore} needs to know. Ranges are those of the settings, and are
 * checked where these are read.
 *
 * @param servers at the start
 * @param serversMayChange whether {@link MemcachedSessionStore#use} may be called
 * @param credentials who the nodes are, on each connection; empty: nobody is told
 * @param operationTimeout from a call to its answer, waiting for a connection included
 * @param connectTimeout for one attempt to connect, always in the background
 * @param connections sockets per server
 * @param sizeLimit bytes of the largest value that is sent
 * @param failureLimit calls in a row without an answer until a server is given up
 * @param retryInterval how long after that, and after each attempt in vain, another one is made
 * @param copies on how many servers each item is to be; not more than there are
 */
public record MemcachedStoreParameters(
        ServerLists servers,
        boolean serversMayChange,
        Optional<Credentials> credentials,
        Duration operationTimeout,
        Duration connectTimeout,
        int connections,
        int sizeLimit,
        int failureLimit,
        Duration retryInterval,
        int copies) {

    private static final Duration FOR_AN_ANSWER = Duration.ofMillis(50);

    /** As the settings say, but for who the servers are. */
    public static MemcachedStoreParameters of(
            SessionSettings settings,
            ServerLists servers,
            boolean serversMayChange,
            Optional<Credentials> credentials) {
        return new MemcachedStoreParameters(
                servers,
                serversMayChange,
                credentials,
                settings.operationTimeout(),
                settings.connectTimeout(),
                settings.connections(),
                settings.sizeLimit(),
                settings.failureLimit(),
                settings.retryInterval(),
                settings.copies());
    }

    /** With what the settings have for a default. */
    public MemcachedStoreParameters(
            List<Server> servers,
            Duration operationTimeout,
            Duration connectTimeout,
            int connections,
            int sizeLimit) {
        this(
                ServerLists.of(servers),
                false,
                Optional.empty(),
                operationTimeout,
                connectTimeout,
                connections,
                sizeLimit,
                5,
                Duration.ofSeconds(1),
                1);
    }

    /** What is to be said of the sessions that live on it. */
    String whileAServerIsAway() {
        return copies == 1 ? "are unavailable" : "go on with their copies on other servers";
    }

    /** A time-out at each server that has a copy, and a little more for one that answers. */
    Duration waitOfRequest() {
        return operationTimeout.multipliedBy(copies).plus(FOR_AN_ANSWER);
    }

    MemcachedStoreParameters retryingAfter(Duration interval) {
        return new MemcachedStoreParameters(
                servers,
                serversMayChange,
                credentials,
                operationTimeout,
                connectTimeout,
                connections,
                sizeLimit,
                failureLimit,
                interval,
                copies);
    }

    MemcachedStoreParameters withCopies(int count) {
        return new MemcachedStoreParameters(
                servers,
                serversMayChange,
                credentials,
                operationTimeout,
                connectTimeout,
                connections,
                sizeLimit,
                failureLimit,
                retryInterval,
                count);
    }

    MemcachedStoreParameters changing(ServerLists lists) {
        return new MemcachedStoreParameters(
                lists,
                true,
                credentials,
                operationTimeout,
                connectTimeout,
                connections,
                sizeLimit,
                failureLimit,
                retryInterval,
                copies);
    }

    MemcachedStoreParameters as(Credentials whoAsks) {
        return new MemcachedStoreParameters(
                servers,
                serversMayChange,
                Optional.of(whoAsks),
                operationTimeout,
                connectTimeout,
                connections,
                sizeLimit,
                failureLimit,
                retryInterval,
                copies);
    }
}
