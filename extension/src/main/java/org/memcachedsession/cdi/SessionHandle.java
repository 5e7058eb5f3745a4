package org.memcachedsession.cdi;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.session.CurrentUnitOfWork.Binding;
import org.memcachedsession.session.UnitOfWork;

/** Hands every call to the unit of work of the calling thread. */
final class SessionHandle implements MemcachedSession {

    private final SessionContext.Requests requests;
    private final Supplier<Optional<CapturedRequest>> capture;

    SessionHandle(SessionContext.Requests requests, Supplier<Optional<CapturedRequest>> capture) {
        this.requests = requests;
        this.capture = capture;
    }

    @Override
    public boolean isActive() {
        UnitOfWork unitOfWork = requests.find();
        return unitOfWork != null && unitOfWork.isOpen();
    }

    @Override
    public boolean exists() {
        return requests.get().exists();
    }

    @Override
    public Optional<String> fingerprint() {
        return requests.get().fingerprint();
    }

    @Override
    public Optional<Instant> createdAt() {
        return requests.get().createdAt();
    }

    @Override
    public Optional<Instant> lastAccessedAt() {
        return requests.get().lastAccessedAt();
    }

    @Override
    public Optional<Instant> expiresAt() {
        return requests.get().expiresAt();
    }

    @Override
    public Optional<Instant> absoluteEnd() {
        return requests.get().absoluteEnd();
    }

    @Override
    public Optional<Duration> idleTimeout() {
        return requests.get().idleTimeout();
    }

    @Override
    public void setIdleTimeout(Duration timeout) {
        requests.get().setIdleTimeout(SessionTimeouts.idle(timeout));
    }

    @Override
    public void setAbsoluteTimeout(Duration timeout) {
        requests.get().setAbsoluteTimeout(SessionTimeouts.absolute(timeout));
    }

    @Override
    public void rotateId() {
        requests.get().rotateId();
    }

    @Override
    public SessionOrigin origin() {
        return requests.get().origin();
    }

    @Override
    public void invalidate() {
        requests.get().invalidate();
    }

    @Override
    public Runnable capture(Runnable task) {
        Objects.requireNonNull(task, "task");
        CapturedRequest request = capture();
        return () -> {
            try (Binding binding = request.bindOpen()) {
                task.run();
            }
        };
    }

    private CapturedRequest capture() {
        requests.get(); // says why, if there is none
        return capture.get().orElseThrow();
    }

    @Override
    public <T> Callable<T> capture(Callable<T> task) {
        Objects.requireNonNull(task, "task");
        CapturedRequest request = capture();
        return () -> {
            try (Binding binding = request.bindOpen()) {
                return task.call();
            }
        };
    }
}
