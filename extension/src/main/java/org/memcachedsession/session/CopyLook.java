package org.memcachedsession.session;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.Missed.Miss;
import org.memcachedsession.session.Place.Answer;
import org.memcachedsession.session.SessionStore.Written;

/**
 * All copies of an item at one moment: which of them is the latest, and what the others are to get. Places that
 * are away are asked only if no other one answers.
 *
 * @param <T> what is in the item
 */
final class CopyLook<T> {

    private static final Logger LOG = System.getLogger(CopyLook.class.getName());
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    static final String IF_GONE_FOR_GOOD =
            ". If a server is gone for good while the list changes, take it out of"
                    + " memcached.session.servers.previous";

    /**
     * What a place has said.
     *
     * @param stored null: nothing is there
     * @param isSuspect it may be old; or, where nothing is there, it may never have come there
     * @param content null: nothing is there, or it cannot be read
     * @param unreadable null: it can
     * @param isMarked whether it was stored by the two lists of servers that there are
     */
    record Copy<T>(
            int position,
            StoredItem stored,
            boolean isSuspect,
            T content,
            UnreadableException unreadable,
            boolean isMarked) {

        boolean isFound() {
            return stored != null;
        }

        Optional<Duration> timeLeft() {
            return stored.timeLeft();
        }
    }

    private final Placement placement;
    private final List<Place> places;
    private final ItemOwner<T> owner;
    private final Optional<Duration> timeToLive;
    private final Missed missed;
    private final List<Optional<Miss>> misses; // as they were before anything was asked
    private final Set<Integer> asked = new HashSet<>();
    private final List<Copy<T>> copies = new ArrayList<>();
    private SessionStoreException noAnswer;
    private boolean isOvertaken; // something was stored after the look

    /**
     * @param timeToLive to start the time of all copies anew with
     */
    CopyLook(
            Placement placement, ItemOwner<T> owner, Optional<Duration> timeToLive, Missed missed) {
        this.placement = placement;
        this.places = placement.places();
        this.owner = owner;
        this.timeToLive = timeToLive;
        this.missed = missed;
        this.misses = places.stream().map(place -> missed.find(place, owner.key())).toList();
    }

    /** A place that has just been asked in vain: once is enough. */
    void silent(int position, SessionStoreException failure) {
        asked.add(position);
        noAnswer = failure;
    }

    /**
     * Asks, and waits.
     *
     * @return empty if there is none
     * @throws SessionStoreException no answer; or none that tells whether what was found is the latest
     * @throws UnreadableException it cannot be read
     */
    Optional<Copy<T>> latest() throws UnreadableException {
        ask(false);
        if (copies.isEmpty()) {
            ask(true);
        }
        if (copies.isEmpty()) {
            throw noAnswer;
        }
        Copy<T> latest = null;
        UnreadableException unreadable = null;
        for (Copy<T> copy : copies) {
            if (copy.unreadable() != null) {
                unreadable = copy.unreadable();
                if (!copy.isSuspect()) {
                    throw unreadable;
                }
            } else if (copy.isFound() && (latest == null || isLater(copy, latest))) {
                latest = copy;
            }
        }
        if (latest == null && unreadable != null) {
            throw unreadable;
        }
        if (latest == null) {
            requireAnswersByBothLists();
            return Optional.empty();
        }
        return isCertain(latest) && !hasLostOther(latest) ? Optional.of(latest) : uncertain();
    }

    /**
     * Of two that were made of the same one, what came by one list is there for good: it was decided where all meet
     * who know that list alone. What came by both counts when it has come everywhere.
     */
    private boolean isLater(Copy<T> one, Copy<T> other) {
        if (one.isMarked() != other.isMarked() && owner.isBeside(one.content(), other.content())) {
            return other.isMarked();
        }
        return owner.isLater(one.content(), other.content());
    }

    /** What has not moved yet is nowhere else: nobody is to lose it for a server that does not answer. */
    private void requireAnswersByBothLists() {
        if (placement.isMoving() && !placement.isInBoth(this::hasAnswered)) {
            throw new SessionStoreException(
                    "a session was not found by one list of memcached servers, and no server that would"
                            + " have it by the other one answers"
                            + IF_GONE_FOR_GOOD,
                    noAnswer);
        }
    }

    private boolean hasAnswered(int position) {
        return copies.stream().anyMatch(copy -> copy.position() == position);
    }

    /** Whether it was in both lists, and is gone from one: there may have been something later. */
    private boolean hasLostOther(Copy<T> latest) {
        return placement.isMoving() && latest.isMarked() && !placement.isInBoth(this::isOrWasNot);
    }

    /** Whether something is there, or never came there as far as is known. */
    private boolean isOrWasNot(int position) {
        return copies.stream()
                .anyMatch(
                        copy ->
                                copy.position() == position
                                        && (copy.isFound() || copy.isSuspect()));
    }

    /**
     * One that was always there, or came by its item since, has the latest, if all nodes store there. So has one of
     * all, where none has lost it, since a write that counts is at one place at least.
     */
    private boolean isCertain(Copy<T> latest) {
        List<Copy<T>> counting =
                copies.stream().filter(copy -> mayHaveHad(copy.position(), latest)).toList();
        return counting.stream().anyMatch(copy -> isNotOld(copy) && !isReturning(copy))
                || (counting.size() == placesThatMayHaveHad(latest)
                        && counting.stream().allMatch(copy -> copy.isFound() || copy.isSuspect()));
    }

    private long placesThatMayHaveHad(Copy<T> latest) {
        return IntStream.range(0, places.size())
                .filter(position -> mayHaveHad(position, latest))
                .count();
    }

    /** What was stored by one list was never where the other one has it. */
    private boolean mayHaveHad(int position, Copy<T> latest) {
        return latest.isMarked() || placement.isInSameList(position, latest.position());
    }

    private static boolean isNotOld(Copy<?> copy) {
        return copy.isFound() && !copy.isSuspect();
    }

    private boolean isReturning(Copy<T> copy) {
        return places.get(copy.position()).isReturning();
    }

    /** Who has lost its copy may have lost a later one; who does not answer may have it. */
    private Optional<Copy<T>> uncertain() {
        if (copies.size() == places.size()) {
            if (copies.stream().anyMatch(copy -> isNotOld(copy) && isReturning(copy))) {
                throw new SessionStoreException(
                        "of the memcached servers that have copies of an item one has just come back, and the other"
                                + " ones have lost it: whether what is stored is the latest can be told in a few"
                                + " seconds");
            }
            return Optional.empty();
        }
        throw new SessionStoreException(
                "it cannot be told whether what one memcached server has of a session is old: another one"
                        + " that has it too cannot be asked"
                        + (placement.isMoving() ? IF_GONE_FOR_GOOD : ""),
                noAnswer);
    }

    private void ask(boolean away) {
        List<Integer> positions = new ArrayList<>();
        List<Answer<Optional<StoredItem>>> answers = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            if (places.get(i).isAway() == away && asked.add(i)) {
                positions.add(i);
                answers.add(places.get(i).load(owner.key(), timeToLive));
            }
        }
        for (int i = 0; i < positions.size(); i++) {
            try {
                copies.add(copy(positions.get(i), answers.get(i).await()));
            } catch (SessionStoreException e) {
                noAnswer = e;
            }
        }
    }

    private Copy<T> copy(int position, Optional<StoredItem> found) {
        if (found.isEmpty()) {
            boolean isMissed = misses.get(position).isPresent();
            return new Copy<>(position, null, isMissed, null, null, false);
        }
        StoredItem stored = found.get();
        boolean isSuspect =
                places.get(position).isSuspect(stored.version())
                        || misses.get(position).isPresent();
        boolean isMarked = placement.isMarked(stored.value());
        try {
            return new Copy<>(
                    position, stored, isSuspect, owner.open(stored.value()), null, isMarked);
        } catch (UnreadableException e) {
            return new Copy<>(position, stored, isSuspect, null, e, isMarked);
        }
    }

    /**
     * Brings the latest to all places that have answered and do not have it. What is suspect is stored again
     * also where it is the latest: then it is not suspect any more, and a write from before that arrives late
     * finds another version.
     *
     * @return its version at the arbiter, or else at the first place that has answered; empty if that is to be
     *     asked again
     */
    Optional<ItemVersion> repair(Copy<T> latest) {
        Duration time =
                timeToLive.orElseGet(() -> timeToLive(owner, latest.stored(), latest.content()));
        byte[] item = latest.stored().value();
        List<Kept> kept = store(copy -> !isUpToDate(copy, latest), item, time);
        if (placement.isMoving() && placement.isInBoth(position -> isThere(kept, position))) {
            kept.forEach(now -> now.mark(item, time));
            kept.forEach(Kept::awaitMark);
        }
        if (placement.isMoving() && isOvertaken) {
            return Optional.empty(); // a node that knows one list alone does not ask the arbiter
        }
        int arbiter = SeveralCopies.arbiter(places);
        return kept.stream()
                .filter(now -> now.position == arbiter)
                .findAny()
                .orElse(kept.get(0))
                .version();
    }

    /**
     * Whether one of the others was made of the same one as the latest, and nothing but chance decides: where one place
     * was asked before a save gave way, and the other one after it.
     */
    boolean isByChance(Copy<T> latest) {
        return copies.stream()
                .filter(copy -> copy.content() != null && copy.isMarked() == latest.isMarked())
                .anyMatch(
                        copy ->
                                owner.isBeside(copy.content(), latest.content())
                                        || owner.isBeside(latest.content(), copy.content()));
    }

    private List<Kept> store(Predicate<Copy<T>> where, byte[] item, Duration time) {
        List<Kept> kept = new ArrayList<>();
        for (Copy<T> copy : copies) {
            Kept now = new Kept(copy);
            kept.add(now);
            if (where.test(copy)) {
                now.store(item, time);
            }
        }
        kept.forEach(Kept::await);
        return kept;
    }

    private boolean isThere(List<Kept> kept, int position) {
        return kept.stream().anyMatch(now -> now.position == position && now.number.isPresent());
    }

    /** What a place has after the latest was brought to it. */
    private final class Kept {

        private final int position;
        private final Place place;
        private final Copy<T> before;
        private Optional<Long> number;
        private boolean isMarked;
        private Answer<Written> answer; // null: nothing was asked
        private SessionException refusal; // null: none

        Kept(Copy<T> before) {
            this.before = before;
            position = before.position();
            place = places.get(position);
            number = before.isFound() ? Optional.of(before.stored().version()) : Optional.empty();
            isMarked = before.isFound() && before.isMarked();
        }

        /** What is new here is so because the other list has it. */
        void store(byte[] item, Duration time) {
            isMarked = before.isFound() ? isMarked : placement.isMoving();
            byte[] value = isMarked ? placement.marked(item) : InBothLists.sealed(item);
            answer =
                    before.isFound()
                            ? place.replace(owner.key(), value, number.orElseThrow(), time)
                            : place.create(owner.key(), value, time);
        }

        void mark(byte[] item, Duration time) {
            answer = null;
            if (!isMarked && number.isPresent()) {
                isMarked = true;
                answer = place.replace(owner.key(), placement.marked(item), number.get(), time);
            }
        }

        void await() {
            if (answer != null) {
                number = written();
            }
        }

        /** Where it came to nothing, whoever looks next marks it. */
        void awaitMark() {
            if (answer != null) {
                number = written();
                isMarked = number.isPresent();
            }
        }

        private Optional<Long> written() {
            try {
                Written written = answer.await();
                isOvertaken |= !written.isStored();
                if (written.isStored()) {
                    misses.get(position).ifPresent(miss -> missed.made(place, miss));
                }
                return written.version();
            } catch (SessionException e) {
                refusal = e;
                return Optional.empty(); // whoever asks again sees what is there
            }
        }

        /** Whoever is there and does not take it will not take it at once either: it can be read all the same. */
        Optional<ItemVersion> version() {
            return refusal != null && !place.isAway()
                    ? Optional.of(ItemVersion.notStored(place, refusal))
                    : number.map(known -> new ItemVersion(place, known, isMarked));
        }
    }

    /** Whether something was found though nothing counts. */
    boolean hasRemains() {
        return copies.stream().anyMatch(Copy::isFound);
    }

    /** What was found and does not count: a node that knows one list alone would take it for all there is. */
    void removeRemains() {
        copies.stream()
                .filter(Copy::isFound)
                .map(copy -> places.get(copy.position()).delete(owner.key()))
                .toList()
                .forEach(CopyLook::awaitRemoval);
    }

    private static void awaitRemoval(Answer<Boolean> removal) {
        try {
            removal.await();
        } catch (SessionException e) {
            LOG.log(Level.DEBUG, "What does not count any more could not be removed", e);
        }
    }

    private boolean isUpToDate(Copy<T> copy, Copy<T> latest) {
        return copy.content() != null && !copy.isSuspect() && !isLater(latest, copy);
    }

    /** For a copy of what is found. */
    static <T> Duration timeToLive(ItemOwner<T> owner, StoredItem found, T content) {
        Duration left = found.timeLeft().orElseGet(() -> owner.timeToLive(content));
        return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
    }
}
