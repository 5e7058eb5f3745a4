package org.memcachedsession.session;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who makes a request, as the container says: asked again and again, since somebody may log in or out
 * while the request is served.
 */
final class Caller {

    /** What has happened since the caller was asked for last. */
    enum Event {
        NOTHING,
        /** The application begins to serve: what the container did before is how it knows its users. */
        BEGUN,
        LOGGED_IN,
        /** Somebody else than before has logged in, and nobody has seen the first one go. */
        REPLACED,
        LOGGED_OUT
    }

    private Supplier<Optional<String>> source;
    private Optional<String> name = Optional.empty();
    private Optional<PrincipalHash> hash = Optional.empty();
    private boolean beganToServe;

    Caller(Supplier<Optional<String>> source) {
        this.source = source;
    }

    /** A better source, of the same request. */
    void askFrom(Supplier<Optional<String>> better) {
        source = better;
    }

    /** Whether the application serves the request; before that, the container authenticates. */
    boolean isServed() {
        return beganToServe;
    }

    /** As it was seen last. */
    Optional<PrincipalHash> principal() {
        return hash;
    }

    /** Looks on the thread that serves the request. The first time, it begins to. */
    Event look() {
        Event event = see(source.get());
        if (beganToServe) {
            return event;
        }
        beganToServe = true;
        return Event.BEGUN;
    }

    /** Looks on any thread, of which servers may not know who is logged in. */
    Event lookFromAnywhere() {
        Optional<String> now = source.get();
        Event event = now.isPresent() ? see(now) : Event.NOTHING;
        return beganToServe ? event : Event.NOTHING;
    }

    private Event see(Optional<String> now) {
        if (now.equals(name)) {
            return Event.NOTHING;
        }
        boolean wasSomebody = name.isPresent();
        name = now;
        hash = now.map(PrincipalHash::of);
        if (now.isEmpty()) {
            return Event.LOGGED_OUT;
        }
        return wasSomebody ? Event.REPLACED : Event.LOGGED_IN;
    }
}
