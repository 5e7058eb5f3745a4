package org.memcachedsession.cdi;

import java.util.List;
import java.util.Optional;
import org.memcachedsession.session.SessionId;

/** The cookie jar of a browser. */
public final class CookieJar {

    private SessionId id;

    List<SessionId> ids() {
        return id == null ? List.of() : List.of(id);
    }

    /** The id in the cookie. */
    public Optional<SessionId> id() {
        return Optional.ofNullable(id);
    }

    /** Takes a cookie. */
    public void take(SessionId given) {
        id = given;
    }

    /** Loses the cookie. */
    public void forget() {
        id = null;
    }
}
