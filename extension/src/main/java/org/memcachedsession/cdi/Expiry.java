package org.memcachedsession.cdi;

import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.memcachedsession.SlidingExpiry;
import org.memcachedsession.session.UnitOfWork;

/** What {@link SlidingExpiry} says of a method. */
record Expiry(boolean extend, Optional<Duration> idle, Optional<Duration> absolute) {

    /** As without the annotation. */
    static final Expiry USUAL = new Expiry(true, Optional.empty(), Optional.empty());

    /**
     * @throws IllegalArgumentException as the two below
     */
    static Expiry of(SlidingExpiry annotation) {
        return new Expiry(
                annotation.extend(), idle(annotation.idle()), absolute(annotation.absolute()));
    }

    /**
     * @throws IllegalArgumentException it is neither empty nor a duration, or is too short or too long
     */
    static Optional<Duration> idle(String text) {
        return timeout(text, SessionTimeouts::idle);
    }

    /**
     * @throws IllegalArgumentException as above
     */
    static Optional<Duration> absolute(String text) {
        return timeout(text, SessionTimeouts::absolute);
    }

    private static Optional<Duration> timeout(String text, UnaryOperator<Duration> checked) {
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(checked.apply(SessionTimeouts.parse(text)));
    }

    boolean setsTimeouts() {
        return idle.isPresent() || absolute.isPresent();
    }

    void applyTo(UnitOfWork request) {
        idle.ifPresent(request::setIdleTimeout);
        absolute.ifPresent(request::setAbsoluteTimeout);
    }
}
