package org.memcachedsession.session;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.memcachedsession.SessionStoreException;

/**
 * Lets the idle time of sessions begin anew, now and then and not at every request. Many threads use it at
 * once. What it asks of the store throws {@link SessionStoreException}.
 */
final class IdleTimes {

    private final Items items;
    private final Clock clock;
    private final Duration usual;
    private final boolean slidesByLoad;
    private final Touches touches = new Touches();

    /**
     * @param usual the idle timeout of most sessions
     * @param slidesByLoad as {@link SessionRules} has it
     */
    IdleTimes(Items items, Clock clock, Duration usual, boolean slidesByLoad) {
        this.items = items;
        this.slidesByLoad = slidesByLoad;
        this.clock = clock;
        this.usual = usual;
    }

    /**
     * What the time of a session that is about to be loaded is to begin anew with. Empty if it is not due, or
     * if this node has not seen the session and so does not know.
     */
    Optional<Duration> dueWithLoad(SessionId id) {
        return slidesByLoad ? touches.dueIfSeen(id, clock.instant()) : Optional.empty();
    }

    /**
     * It has begun anew, by a load or by a write.
     *
     * @param when that was, which in a long request is not now
     */
    void begun(SessionId id, SessionHeader header, Instant when) {
        touches.done(id, when, header.idleTimeout());
    }

    /**
     * It has begun anew with a time that is not the session's: another node has given it another one since this
     * one has seen it.
     */
    void correct(SessionId id, SessionHeader header) {
        Instant now = clock.instant();
        items.touch(id, header.timeToLive(now));
        touches.done(id, now, header.idleTimeout());
    }

    /**
     * @param end when the item ends by itself, if the store has told: perhaps another node has slid it
     */
    void slide(SessionId id, SessionHeader header, Optional<Instant> end) {
        Instant now = clock.instant();
        Duration idle = header.idleTimeout();
        // memcached tells whole seconds: the time has begun up to one before
        end.ifPresent(when -> touches.seen(id, when.minus(idle).minusSeconds(1), idle));
        if (touches.due(id, now, idle)) {
            items.touch(id, header.timeToLive(now));
        }
    }

    /**
     * Slides a session that the request has not read. It may be one with an idle time of its own: a node
     * that has not seen it has a look.
     */
    void slideUnread(SessionId id) {
        Instant now = clock.instant();
        if (!touches.dueForUnseen(id, now, usual)) {
            return;
        }
        Optional<Duration> known = touches.idleTimeout(id);
        if (known.isPresent()) {
            items.touch(id, known.get());
            return;
        }
        Optional<SessionHeader> header = read(id, now);
        if (header.isPresent()) {
            touches.done(id, now, header.get().idleTimeout());
            items.touch(id, header.get().timeToLive(now));
        }
    }

    /** Empty also for what is no session any more, or cannot be read: it lives no longer by us. */
    private Optional<SessionHeader> read(SessionId id, Instant now) {
        try {
            return items.load(id)
                    .filter(item -> item.content() instanceof SessionRecord)
                    .map(item -> ((SessionRecord) item.content()).header())
                    .filter(header -> !header.isOver(now));
        } catch (UnreadableException e) {
            return Optional.empty();
        }
    }

    /** When it has begun anew last, as far as this node remembers. */
    Optional<Instant> last(SessionId id) {
        return touches.last(id);
    }
}
