package org.memcachedsession.session;

import static org.memcachedsession.ConflictPolicy.FIRST_WRITE_WINS;
import static org.memcachedsession.ConflictPolicy.LAST_WRITE_WINS;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.memcachedsession.ConflictPolicy;
import org.memcachedsession.SessionConflictException;

/**
 * Puts the changes of one save into what the store holds, as often as it holds something else. Each
 * save leaves a number in the record, and so knows its own success again.
 */
final class Merge {

    private static final Logger LOG = System.getLogger(Merge.class.getName());

    private final Sessions sessions;
    private final SessionId id;
    private final Changes changes;
    private final long number;
    private final List<Long> tried = new ArrayList<>(1);
    private final Map<BeanKey, ConflictPolicy> conflicts = new TreeMap<>();

    /**
     * @param id for messages
     */
    Merge(Sessions sessions, SessionId id, Changes changes) {
        this.sessions = sessions;
        this.id = id;
        this.changes = changes;
        this.number = sessions.random.nextLong();
    }

    /** By chance. */
    long number() {
        return number;
    }

    boolean isIn(SessionRecord theirs) {
        return !tried.isEmpty() && tried.stream().anyMatch(theirs::has);
    }

    /**
     * The session after this save.
     *
     * @throws SessionConflictException another request changed a bean whose policy says so
     */
    SessionRecord into(SessionRecord theirs) {
        conflicts.clear();
        long save = Generation.after(theirs.generation(), number);
        if (!tried.contains(save)) {
            tried.add(save);
        }
        return theirs.saved(
                save,
                changes.header().in(theirs.header()).accessedAt(changes.accessedAt()),
                Change.merge(changes.beans(), theirs.entries(), this::settle));
    }

    /**
     * @param end when the item ends by itself, if the store has told
     */
    Duration timeToLive(SessionRecord session, Optional<Instant> end) {
        Instant now = sessions.clock.instant();
        return changes.slides()
                ? session.header().timeToLive(now)
                : session.header().timeLeft(now, end);
    }

    private Entry settle(BeanKey bean, Change ours, Entry theirs) {
        if (ours.asMade()) {
            return theirs;
        }
        ConflictPolicy policy = sessions.beans.conflictPolicy(bean);
        boolean eitherWillDo =
                theirs == null || policy == LAST_WRITE_WINS || policy == FIRST_WRITE_WINS;
        if (eitherWillDo && Objects.equals(theirs, ours.entry())) {
            return theirs;
        }
        conflicts.put(bean, policy);
        if (policy == ConflictPolicy.FAIL) {
            tellOfConflicts();
            throw new SessionConflictException(
                    "Session "
                            + id
                            + " was not saved: another request changed "
                            + bean
                            + " at the same time, and its policy is FAIL. Send the request again");
        }
        if (theirs == null || ours.entry() == null) {
            return null; // removal beats change
        }
        return switch (policy) {
            case LAST_WRITE_WINS, FAIL -> ours.entry();
            case FIRST_WRITE_WINS -> theirs;
            case RESOLVE -> sessions.beans.resolve(bean, ours.base(), theirs, ours.entry());
        };
    }

    void tellOfConflicts() {
        conflicts.forEach(
                (bean, policy) -> changes.afterwards().accept(() -> tellOfConflict(bean, policy)));
    }

    private void tellOfConflict(BeanKey bean, ConflictPolicy policy) {
        LOG.log(
                Level.WARNING,
                "Session {0}: two requests changed {1} at once; its policy is {2}",
                id,
                bean,
                policy);
        sessions.events.conflicted(id, bean, policy);
    }
}
