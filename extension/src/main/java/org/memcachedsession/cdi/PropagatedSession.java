package org.memcachedsession.cdi;

import java.util.Optional;
import java.util.function.Function;
import org.memcachedsession.session.CurrentUnitOfWork.Binding;

/**
 * What thread context providers have in common: they are made by the server or a library, not by the
 * container, so they look for the application that the calling thread works for. A thread that works
 * for none, or for one without the extension, has nothing to hand on.
 */
final class PropagatedSession {

    /** The name under which applications configure it. */
    static final String TYPE = "MemcachedSession";

    private static final Binding NOTHING = () -> {};

    private PropagatedSession() {}

    /** What binds another thread to the request of the calling one, or to none if it serves none. */
    static Begin current() {
        return begin(extension -> extension.captureIfAny().or(extension::captureNone));
    }

    /** What has another thread serve no request. */
    static Begin cleared() {
        return begin(MemcachedSessionExtension::captureNone);
    }

    private static Begin begin(
            Function<MemcachedSessionExtension, Optional<CapturedRequest>> capture) {
        Optional<CapturedRequest> captured = application().flatMap(capture);
        return () -> captured.map(CapturedRequest::bind).orElse(NOTHING);
    }

    private static Optional<MemcachedSessionExtension> application() {
        try {
            return Optional.of(MemcachedSessionExtension.ofThisApplication());
        } catch (IllegalStateException | IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    /** Binds the calling thread until the result is closed on it. */
    interface Begin {
        Binding begin();
    }
}
