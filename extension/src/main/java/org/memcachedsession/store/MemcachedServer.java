package org.memcachedsession.store;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import net.rubyeye.xmemcached.exception.MemcachedException;
import net.rubyeye.xmemcached.utils.InetSocketAddressWrapper;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionSettings.Server;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.SessionTooLargeException;
import org.memcachedsession.session.Budget;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore.Written;
import org.memcachedsession.session.StoredItem;

/**
 * One server of the pool, as seen from here: its connections, and the thread that makes them and
 * makes them anew. Nothing but that thread waits for name resolution or for a connection, so a store
 * is ready at once whether its servers are or not.
 *
 * <p>A lost connection is replaced at once, and calls wait for that as part of their time. When the
 * attempt fails, or the connection lived only a moment, another is made when the retry interval has
 * passed, and calls fail without waiting.
 */
final class MemcachedServer {

    private static final System.Logger LOG = System.getLogger(MemcachedServer.class.getName());

    private static final long NEVER = Long.MAX_VALUE; // nanoseconds: 292 years

    private final MemcachedStoreParameters parameters;
    private final Server server;
    private final String name;
    private final Duration retryInterval;
    private final Names names;
    private final Opening opening;
    private final int mostCallers;
    private final Thread connecting;
    private final NearCache nearCache = new NearCache();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // of the connecting thread
    private boolean reviewed;
    private boolean toldOfLooks;

    // guarded by lock
    private ServerClient client;
    private boolean isAttempting; // the connecting thread: it looks for no lulls meanwhile
    private boolean reachable = true;
    private long pause; // nanoseconds, from the last attempt to the next
    private long lastAttempt;

    private volatile OpenConnections connections =
            new OpenConnections(); // set under lock, per client
    private volatile boolean closed; // set under lock

    /** Done when the first attempt since the start, or since a loss, has ended one way or the other. */
    private volatile CompletableFuture<Void> firstAttempt = new CompletableFuture<>();

    /**
     * What {@link #firstAttempt} was when the last attempt began. A connection that is lost before its
     * own attempt has ended has callers wait for the next one. Set under lock.
     */
    private volatile CompletableFuture<Void> attempting = firstAttempt;

    private volatile Runnable onLoss = () -> {};

    private volatile String lastFailure = "no connection yet";

    MemcachedServer(MemcachedStoreParameters parameters, Server server, Names names) {
        this(parameters, server, names, ServerConnection.MOST_CALLERS);
    }

    /**
     * @param mostCallers that wait at one connection
     */
    MemcachedServer(
            MemcachedStoreParameters parameters, Server server, Names names, int mostCallers) {
        this.mostCallers = mostCallers;
        this.names = names;
        this.opening = new Opening(parameters.credentials());
        this.parameters = parameters;
        this.server = server;
        this.name = new Server(server.host(), server.port()).toString(); // without the weight
        this.retryInterval = parameters.retryInterval();
        this.lastAttempt = System.nanoTime();

        // xmemcached's threads inherit from this one; nothing of whoever opens the store, neither
        // its class loader nor its thread-locals, shall live on in them
        connecting =
                new Thread(
                        null, this::keepConnected, "memcached-session-connect-" + name, 0, false);
        connecting.setContextClassLoader(MemcachedServer.class.getClassLoader());
        connecting.setDaemon(true);
        connecting.start();
    }

    /**
     * Sends and waits.
     *
     * @throws SessionStoreException no connection, no answer in time, or none that fits
     * @throws SessionTooLargeException the server takes no item of this size
     */
    <T> T execute(Request<T> request) {
        return begin(request).await();
    }

    /** As {@link #execute}; the bytes of an item that has not changed are not sent again. */
    Optional<StoredItem> load(ItemKey key, OptionalInt expirySeconds) {
        return beginLoad(key, expirySeconds).await();
    }

    /** As {@link #execute}, for a write: what it stores is near from then on, if the server tells its version. */
    Written write(ItemKey key, byte[] value, Request<Written> request) {
        return beginWrite(key, value, request).await();
    }

    /**
     * As {@link #execute} without the wait for an answer; for a connection it waits.
     *
     * @throws SessionStoreException no connection
     */
    <T> Pending<T> begin(Request<T> request) {
        long begin = System.nanoTime();
        ServerConnection connection = connection();
        return send(request.in(connection.protocol()), connection, begin);
    }

    /** As {@link #load}, so far as {@link #begin} goes. */
    Pending<Optional<StoredItem>> beginLoad(ItemKey key, OptionalInt expirySeconds) {
        long begin = System.nanoTime();
        ServerConnection connection = connection();
        Optional<StoredItem> near = nearCache.find(key, connection);
        ServerCommand<Optional<StoredItem>> command =
                connection.protocol().load(key, expirySeconds, near);
        return new Pending<>(command, connection, begin) {
            @Override
            void answered(Optional<StoredItem> found) {
                keepNear(key, connection, near, found);
            }
        }.sent();
    }

    private void keepNear(
            ItemKey key,
            ServerConnection connection,
            Optional<StoredItem> near,
            Optional<StoredItem> found) {
        if (found.isEmpty()) {
            nearCache.remove(key);
        } else if (near.isEmpty()) {
            nearCache.put(key, connection, found.get());
        } else if (found.get().value() != near.get().value()) {
            if (found.get().version() == near.get().version()) {
                nearCache.giveUp(connection);
            }
            nearCache.put(key, connection, found.get());
        }
    }

    /** As {@link #write}, so far as {@link #begin} goes. */
    Pending<Written> beginWrite(ItemKey key, byte[] value, Request<Written> request) {
        long begin = System.nanoTime();
        ServerConnection connection = connection();
        ServerCommand<Written> command = request.in(connection.protocol());
        return new Pending<>(command, connection, begin) {
            @Override
            void answered(Written written) {
                written.version()
                        .ifPresent(
                                version ->
                                        nearCache.put(
                                                key,
                                                connection,
                                                new StoredItem(value, version, Optional.empty())));
            }
        }.sent();
    }

    private <T> Pending<T> send(ServerCommand<T> command, ServerConnection connection, long begin) {
        return new Pending<>(command, connection, begin).sent();
    }

    /** A command that was sent. Of one thread; what is not awaited is abandoned. */
    class Pending<T> {

        private final ServerCommand<T> command;
        private final ServerConnection connection;
        private final long begin;

        private Pending(ServerCommand<T> command, ServerConnection connection, long begin) {
            this.command = command;
            this.connection = connection;
            this.begin = begin;
        }

        final Pending<T> sent() {
            try {
                connection.ask(command, mostCallers);
            } catch (ServerConnection.CrowdedException crowded) {
                throw tooManyWait(command, crowded);
            }
            return this;
        }

        void answered(T answer) {}

        /** As {@link MemcachedServer#execute}; the time has begun with the command. */
        final T await() {
            T answer = MemcachedServer.this.await(command, connection, begin);
            answered(answer);
            return answer;
        }

        final void abandon() {
            command.abandon();
        }
    }

    private <T> T await(ServerCommand<T> command, ServerConnection connection, long begin) {
        try {
            try {
                T answer = Budget.await(left(begin), time -> connection.await(command, time));
                connection.answered();
                return answer;
            } catch (Budget.SpentException spent) {
                throw mayWaitNoLonger(
                        "has not answered " + command.name(),
                        "whether it was carried out is not known",
                        spent);
            } catch (TimeoutException none) {
                connection.timedOut(begin);
                throw new SessionStoreException(
                        named("did not answer " + command.name() + " within ")
                                + parameters.operationTimeout().toMillis()
                                + " ms; whether it was carried out is not known. If the server is well but"
                                + " slow, raise memcached.session.operation-timeout",
                        none);
            } finally {
                command.abandon();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SessionStoreException(
                    named("was asked for " + command.name() + ", and the thread was interrupted")
                            + " while it waited for the answer; whether it was carried out is not known",
                    interrupted);
        } catch (ExecutionException failed) {
            throw failure(command, failed.getCause());
        }
    }

    private SessionStoreException mayWaitNoLonger(
            String what, String outcome, Budget.SpentException spent) {
        return new SessionStoreException(
                named(what)
                        + ", and the time that one request may wait for memcached is over: "
                        + parameters.waitOfRequest().toMillis()
                        + " ms in all (memcached.session.copies x memcached.session.operation-timeout"
                        + " + 50 ms); "
                        + outcome
                        + ". If the servers are well but slow, raise"
                        + " memcached.session.operation-timeout",
                spent);
    }

    private SessionStoreException tooManyWait(
            ServerCommand<?> command, ServerConnection.CrowdedException crowded) {
        return new SessionStoreException(
                named("was not asked for ")
                        + command.name()
                        + ": "
                        + mostCallers
                        + " calls wait for its answers on the same connection; nothing was sent. Does it"
                        + " hang? Else more connections may help (memcached.session.connections)",
                crowded);
    }

    /** One command, in the words that the server understands. */
    interface Request<T> {
        ServerCommand<T> in(Protocol protocol);
    }

    private SessionException failure(ServerCommand<?> command, Throwable cause) {
        if (cause instanceof ServerCommand.TooLargeException) {
            return new SessionTooLargeException(
                    named("refused " + command.name() + ": " + cause.getMessage())
                            + ". It was started with a largest item (-I, 1 MiB unless set) below"
                            + " memcached.session.size.limit: raise the one or lower the other. "
                            + (command.name().equals("ms")
                                    ? "What it had under that key it has dropped"
                                    : "What was stored before is still there"),
                    cause);
        }
        if (cause instanceof ServerCommand.RefusedException) {
            return new SessionStoreException(
                    named("refused " + command.name() + ": " + cause.getMessage())
                            + ". Its log, its memory (-m) and its largest item (-I) may tell why"
                            + (command.name().equals("ms")
                                    ? ". What it had under that key it has dropped"
                                    : ""),
                    cause);
        }
        if (cause instanceof ServerCommand.AlienAnswerException) {
            return new SessionStoreException(
                    named("answered " + command.name() + " with " + cause.getMessage())
                            + ": the connection was closed. Is there a memcached on that port, and"
                            + " nothing in between that changes its text protocol?",
                    cause);
        }
        return new SessionStoreException(
                named("closed the connection before it answered " + command.name())
                        + "; whether it was carried out is not known",
                cause);
    }

    private ServerConnection connection() {
        ServerConnection open = connections.next();
        if (open == null) {
            try {
                CompletableFuture<Void> connected = firstAttempt;
                Budget.await(
                        parameters.operationTimeout(),
                        time -> connected.get(time.toNanos(), TimeUnit.NANOSECONDS));
                open = connections.next();
            } catch (Budget.SpentException spent) {
                throw mayWaitNoLonger("is not connected yet", "nothing was sent", spent);
            } catch (TimeoutException | ExecutionException stillConnecting) {
                throw notConnected("connecting takes longer than the operation timeout");
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw notConnected("the thread was interrupted while it waited for a connection");
            }
        }
        if (open == null && closed) {
            throw new SessionStoreException(
                    "the session store is closed, since its application ends; nothing was sent to "
                            + named("any more"));
        }
        if (open == null) {
            throw notConnected(lastFailure);
        }
        return open;
    }

    private SessionStoreException notConnected(String reason) {
        return new SessionStoreException(
                named(
                                "is not connected ("
                                        + reason
                                        + "); nothing was sent. Another attempt is made every ")
                        + retryInterval.toMillis()
                        + " ms (memcached.session.retry-interval); is it running, and can it be"
                        + " reached from here?");
    }

    private Duration left(long begin) {
        return parameters.operationTimeout().minusNanos(System.nanoTime() - begin);
    }

    private String named(String what) {
        return "memcached server " + name + ' ' + what;
    }

    private void keepConnected() {
        try {
            while (awaitNextAttempt()) {
                attempt();
                attempting.complete(null);
            }
        } catch (InterruptedException closing) {
            // whoever interrupts also closes
        } finally {
            firstAttempt.complete(null);
        }
    }

    /** Up to a tenth longer than the interval, so that nodes that have lost a server together do not come back together. */
    private long nextPause() {
        long interval = retryInterval.toNanos();
        return interval + ThreadLocalRandom.current().nextLong(interval / 10 + 1);
    }

    /**
     * @return false when there is nothing more to do
     */
    private boolean awaitNextAttempt() throws InterruptedException {
        lock.lock();
        try {
            isAttempting = false;
            while (!closed) {
                boolean allWatched = isWatched(connections::watchInLull);
                long untilLook = allWatched ? NEVER : ReadingCallers.LULL.toNanos();
                long wait =
                        connections.count() == parameters.connections()
                                ? NEVER
                                : lastAttempt + pause - System.nanoTime();
                if (wait > 0) {
                    changed.awaitNanos(Math.min(wait, untilLook));
                } else {
                    lastAttempt = System.nanoTime();
                    pause = nextPause();
                    attempting = firstAttempt;
                    isAttempting = true;
                    isWatched(connections::watch);
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Whatever it meets, it is tried again: without this thread no connection would be replaced. */
    private boolean isWatched(BooleanSupplier look) {
        try {
            return look.getAsBoolean();
        } catch (RuntimeException | Error failed) {
            tellOnce(failed);
            return false;
        }
    }

    private void tellOnce(Throwable failed) {
        if (toldOfLooks) {
            return;
        }
        toldOfLooks = true;
        try {
            LOG.log(
                    WARNING,
                    named(
                                    "may close a connection without being noticed at once: it was not looked at")
                            + " between two calls. It is tried again (said once)",
                    failed);
        } catch (RuntimeException | Error untold) {
            // no memory is left, say
        }
    }

    /** Without the weight. */
    String name() {
        return name;
    }

    /** Whom to tell that a connection was lost, on whatever thread sees it. */
    void onLoss(Runnable observer) {
        onLoss = observer;
    }

    /** Called on whatever thread sees the loss. */
    private void connectionLost(ServerConnection lost) {
        nearCache.forget(lost);
        onLoss.run();
        lock.lock();
        try {
            if (connections.count() == 0 && lost.isReady()) {
                lastFailure =
                        lost.hasHung()
                                ? "it has not answered "
                                        + parameters.failureLimit()
                                        + " times in a row"
                                : "the connection was lost";
                boolean attemptFollows =
                        !closed && !lost.hasHung() && System.nanoTime() - lastAttempt >= pause;
                boolean nobodyAwaitsIt = firstAttempt.isDone() || firstAttempt == attempting;
                if (attemptFollows && nobodyAwaitsIt) {
                    firstAttempt = new CompletableFuture<>();
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private final class Events implements ServerConnection.Events {

        @Override
        public void lost(ServerConnection connection) {
            connectionLost(connection);
        }

        @Override
        public boolean readByCallers() {
            lock.lock();
            try {
                changed.signalAll();
                return !isAttempting;
            } finally {
                lock.unlock();
            }
        }
    }

    private void attempt() throws InterruptedException {
        List<Future<Boolean>> attempts = new ArrayList<>();
        boolean again = false;
        try {
            InetSocketAddress address = address();
            begin(attempts, address);
            for (Future<Boolean> begun : attempts) {
                begun.get(parameters.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
            }
            for (ServerConnection connection : connections.notReady()) {
                open(connection, address);
            }
            report(null, false);
        } catch (NoReviewException nothingSaid) {
            again = true;
        } catch (IOException | RuntimeException | Error failed) {
            // whatever it was, the next attempt may do without it, and nobody else would make one
            report(failed.toString(), false);
        } catch (ExecutionException failed) {
            report(
                    reason(failed.getCause()),
                    failed.getCause() instanceof ServerCommand.NotAuthenticatedException);
        } catch (TimeoutException none) {
            report(
                    "no connection, or no answer, within "
                            + parameters.connectTimeout().toMillis()
                            + " ms",
                    false);
        } finally {
            attempts.stream()
                    .filter(begun -> !begun.isDone())
                    .forEach(unfinished -> unfinished.cancel(true));
            if (!again) {
                // one that came about too late, say: it counts, and no other attempt would open it
                connections.notReady().forEach(ServerConnection::giveUp);
            }
        }
        if (again) {
            attempt(); // once: it is not asked again
        }
    }

    /** A connection is used when it has answered what is said first. */
    private void open(ServerConnection connection, InetSocketAddress address)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            Protocol understood = opening.hold(connection, parameters.connectTimeout());
            if (!reviewed && understood != BinaryProtocol.INSTANCE) {
                reviewed = true;
                review(connection, address.getAddress().isLoopbackAddress());
            }
            connection.ready(understood);
        } finally {
            if (!connection.isReady()) {
                connection.giveUp();
            }
        }
    }

    /**
     * Once for each server, and before a request uses the connection: what is no memcached may close it for the
     * question, or never answer.
     */
    private void review(ServerConnection connection, boolean onLoopback)
            throws InterruptedException {
        ServerCommand<ServerReview> question = ServerReview.ask();
        try {
            connection.write(question);
            ServerReview review = question.await(parameters.connectTimeout());
            review.problems(name, onLoopback, parameters.sizeLimit())
                    .forEach(problem -> LOG.log(WARNING, problem));
        } catch (ExecutionException | TimeoutException nothingSaid) {
            connection.setAllowReconnect(false);
            connection.close(); // at once, so that another takes its place
            throw new NoReviewException();
        }
    }

    /** The server did not bear the question. */
    private static final class NoReviewException extends RuntimeException {
        private NoReviewException() {
            super(null, null, false, false);
        }
    }

    /**
     * The name is asked for again only when no connection is left: where it means another machine
     * meanwhile, two of them would hold the sessions in turn, and old states would come back.
     */
    private InetSocketAddress address() throws IOException {
        InetSocketAddress inUse = connections.address();
        return inUse != null
                ? inUse
                : new InetSocketAddress(names.resolve(server.host()), server.port());
    }

    /** Finds the address of a host. */
    interface Names {
        InetAddress resolve(String host) throws IOException;
    }

    /** Under the lock, since a client that is closed meanwhile must not be asked to connect. */
    private void begin(List<Future<Boolean>> attempts, InetSocketAddress address)
            throws IOException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (client != null && !client.works()) {
                leave(client);
                client.awaitEnd(Threads.deadline());
                client = null;
                connections = new OpenConnections();
            }
            if (client == null) {
                client = Selectors.whileOpen(() -> new ServerClient(parameters, connections, name));
                client.connector().begin(parameters.failureLimit(), new Events());
            }
            // not resolved by xmemcached, which would ask for the name of an address: with a name
            // service that hangs this takes many seconds, on the thread that serves all requests
            InetSocketAddressWrapper wrapper =
                    new InetSocketAddressWrapper(address, 1, 1, null, false);
            for (int i = connections.count(); i < parameters.connections(); i++) {
                attempts.add(client.connector().connect(wrapper));
            }
        } finally {
            lock.unlock();
        }
    }

    private static String reason(Throwable cause) {
        if (cause instanceof ServerCommand.NotAuthenticatedException) {
            return cause.getMessage();
        }
        if (cause instanceof MemcachedException) {
            return "it closed the connection without an answer, as a proxy does whose server is away, and one"
                    + " that wants to know by SASL who asks (-S) and is not told"
                    + " (memcached.session.authentication)";
        }
        return cause instanceof ServerCommand.AlienAnswerException
                ? "what listens there answers as no memcached does, with " + cause.getMessage()
                : cause.toString();
    }

    /**
     * An outage is told once.
     *
     * @param failure null if there is none
     * @param stays whether it will not end by itself: then it is told though the server was away before
     */
    private void report(String failure, boolean stays) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (failure != null) {
                boolean isNews = reachable || (stays && !failure.equals(lastFailure));
                lastFailure = failure;
                if (isNews) {
                    LOG.log(
                            WARNING,
                            "memcached server {0} cannot be reached: {1}. Sessions that live there {2};"
                                    + " connecting is tried every {3} ms",
                            name,
                            failure,
                            parameters.whileAServerIsAway(),
                            retryInterval.toMillis());
                }
            } else if (!reachable) {
                LOG.log(INFO, "memcached server {0} is reached again", name);
            }
            reachable = failure == null;
        } finally {
            lock.unlock();
        }
    }

    /** Closes all connections and tells the threads to end, without a wait for them. A second call does nothing. */
    void stop() {
        ServerClient toClose;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            toClose = client;
        } finally {
            lock.unlock();
        }
        connecting.interrupt();
        if (toClose != null) {
            leave(toClose);
        }
    }

    /** Waits until the threads are gone, after {@link #stop}. */
    void awaitEnd(long deadline) {
        ServerClient stopped;
        lock.lock();
        try {
            stopped = client;
        } finally {
            lock.unlock();
        }
        if (stopped != null) {
            stopped.awaitEnd(deadline);
        }
        Threads.join(connecting, deadline);
    }

    private void leave(ServerClient left) {
        try {
            left.shutdown();
        } catch (IOException failed) {
            LOG.log(WARNING, named("was not left in order"), failed);
        }
    }
}
