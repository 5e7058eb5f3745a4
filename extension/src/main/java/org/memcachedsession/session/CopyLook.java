package org.memcachedsession.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /**
     * What a place has said.
     *
     * @param stored null: nothing is there
     * @param isSuspect it may be old; or, where nothing is there, it may never have come there
     * @param content null: nothing is there, or it cannot be read
     * @param unreadable null: it can
     */
    record Copy<T>(
            int position,
            StoredItem stored,
            boolean isSuspect,
            T content,
            UnreadableException unreadable) {

        boolean isFound() {
            return stored != null;
        }

        Optional<Duration> timeLeft() {
            return stored.timeLeft();
        }
    }

    private final List<Place> places;
    private final ItemOwner<T> owner;
    private final Optional<Duration> timeToLive;
    private final Missed missed;
    private final List<Optional<Miss>> misses; // as they were before anything was asked
    private final Set<Integer> asked = new HashSet<>();
    private final List<Copy<T>> copies = new ArrayList<>();
    private SessionStoreException noAnswer;

    /**
     * @param timeToLive to start the time of all copies anew with
     */
    CopyLook(List<Place> places, ItemOwner<T> owner, Optional<Duration> timeToLive, Missed missed) {
        this.places = places;
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
            } else if (copy.isFound()
                    && (latest == null || owner.isLater(copy.content(), latest.content()))) {
                latest = copy;
            }
        }
        if (latest == null && unreadable != null) {
            throw unreadable;
        }
        return latest == null || isCertain() ? Optional.ofNullable(latest) : uncertain();
    }

    /**
     * One that was always there, or came by its item since, has the latest, if all nodes store there. So has one of
     * all, where none has lost it, since a write that counts is at one place at least.
     */
    private boolean isCertain() {
        return copies.stream()
                        .anyMatch(copy -> isNotOld(copy) && !isReturning(copy))
                || (copies.size() == places.size()
                        && copies.stream().allMatch(copy -> copy.isFound() || copy.isSuspect()));
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
            if (copies.stream().anyMatch(CopyLook::isNotOld)) {
                throw new SessionStoreException(
                        "of the memcached servers that have copies of an item one has just come back, and the other"
                                + " ones have lost it: whether what is stored is the latest can be told in a few"
                                + " seconds");
            }
            return Optional.empty();
        }
        throw new SessionStoreException(
                "a memcached server was away and is back, and what it has may be old; the other ones that"
                        + " have copies of it cannot be asked",
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
            return new Copy<>(position, null, misses.get(position).isPresent(), null, null);
        }
        StoredItem stored = found.get();
        boolean isSuspect =
                places.get(position).isSuspect(stored.version())
                        || misses.get(position).isPresent();
        try {
            return new Copy<>(position, stored, isSuspect, owner.open(stored.value()), null);
        } catch (UnreadableException e) {
            return new Copy<>(position, stored, isSuspect, null, e);
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
        List<Answer<Written>> answers = new ArrayList<>();
        for (Copy<T> copy : copies) {
            Place place = places.get(copy.position());
            answers.add(
                    isUpToDate(copy, latest)
                            ? null
                            : copy.isFound()
                                    ? place.replace(
                                            owner.key(), item, copy.stored().version(), time)
                                    : place.create(owner.key(), item, time));
        }
        int arbiter = SeveralCopies.arbiter(places);
        int deciding =
                copies.stream().anyMatch(copy -> copy.position() == arbiter)
                        ? arbiter
                        : copies.get(0).position();
        Optional<ItemVersion> version = Optional.empty();
        for (int i = 0; i < copies.size(); i++) {
            int position = copies.get(i).position();
            Optional<Long> number =
                    answers.get(i) == null
                            ? Optional.of(copies.get(i).stored().version())
                            : written(answers.get(i), position);
            if (position == deciding) {
                version = number.map(known -> new ItemVersion(position, known));
            }
        }
        return version;
    }

    private boolean isUpToDate(Copy<T> copy, Copy<T> latest) {
        return copy.content() != null
                && !copy.isSuspect()
                && !owner.isLater(latest.content(), copy.content());
    }

    /** For a copy of what is found. */
    static <T> Duration timeToLive(ItemOwner<T> owner, StoredItem found, T content) {
        Duration left = found.timeLeft().orElseGet(() -> owner.timeToLive(content));
        return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
    }

    private Optional<Long> written(Answer<Written> answer, int position) {
        try {
            Written written = answer.await();
            if (written.isStored()) {
                misses.get(position).ifPresent(miss -> missed.made(places.get(position), miss));
            }
            return written.version();
        } catch (SessionException e) {
            return Optional.empty(); // whoever asks again sees what is there
        }
    }
}
