package org.memcachedsession.session;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.CopyLook.Copy;
import org.memcachedsession.session.CopyWrite.Unknown;
import org.memcachedsession.session.Missed.Miss;
import org.memcachedsession.session.Place.Answer;
import org.memcachedsession.session.SessionStore.Written;

/**
 * Each item on several servers. The first of its places that is there, its arbiter, decides about writes:
 * compare-and-swap is there alone. What it has taken goes to the others, where it takes the place of all that is
 * older. One place is enough for a write to count; what the others have missed is noted, and made good when they
 * are back.
 *
 * <p>A read asks the arbiter. Only where that has nothing, or something that may be old, all others are asked
 * too; then the latest counts, and is brought to all of them. Where it cannot be told whether the latest is
 * among what was found, nothing is: lost is better than stale.
 *
 * <p>While the list of servers changes ({@link Placement#isMoving}), the places are those by both lists, and each read
 * asks all of them: nodes that know one list alone store there alone. {@link InBothLists} tells whether such a
 * node may have stored something that is gone.
 *
 * <p>Numbers within the seal tell which copy is the later one ({@link ItemOwner#isLater}), and not the versions
 * of servers, which begin anew with a restart.
 */
final class SeveralCopies implements Copies {

    private static final Logger LOG = System.getLogger(SeveralCopies.class.getName());

    /** In how many rounds something is brought to a place where others write at the same time. */
    private static final int ROUNDS = 10;

    private final SessionStore store;
    private final Missed missed = new Missed();

    SeveralCopies(SessionStore store) {
        this.store = store;
        store.onReturn(this::repair);
    }

    @Override
    public boolean hasOthers() {
        return true;
    }

    // ---- read

    @Override
    public <T> Optional<Item<T>> load(ItemOwner<T> owner, Optional<Duration> timeToLive)
            throws UnreadableException {
        Placement placement = store.placement(owner.key());
        List<Place> places = placement.places();
        int arbiter = arbiter(places);
        requireSameForAll(places, arbiter);
        if (placement.isMoving() || places.get(arbiter).isAway()) {
            return look(owner, timeToLive);
        }
        Answer<Optional<StoredItem>> asked =
                places.get(arbiter).load(owner.key(), timeToLive); // before the touches wait
        List<Answer<Boolean>> touched =
                timeToLive.isPresent()
                        ? askOthers(
                                places,
                                arbiter,
                                place -> place.touch(owner.key(), timeToLive.get()))
                        : List.of();
        Optional<StoredItem> found;
        try {
            found = asked.await();
        } catch (SessionStoreException e) {
            return look(placement, owner, timeToLive, look -> look.silent(arbiter, e));
        }
        boolean isComplete = touched.stream().allMatch(SeveralCopies::isThereOrAway);
        boolean hasOthers = places.size() > 1;
        if (hasOthers
                && (found.isEmpty()
                        || places.get(arbiter).isReturning()
                        || isSuspect(places.get(arbiter), owner, found.get().version())
                        || !isComplete)) {
            return look(owner, timeToLive);
        }
        if (found.isEmpty()) {
            return Optional.empty();
        }
        StoredItem stored = found.get();
        return Optional.of(
                new Item<>(
                        owner.open(stored.value()),
                        new ItemVersion(places.get(arbiter), stored.version()),
                        stored.timeLeft()));
    }

    private static boolean isThereOrAway(Answer<Boolean> touched) {
        try {
            return touched.await();
        } catch (SessionStoreException e) {
            return true;
        }
    }

    private boolean isSuspect(Place place, ItemOwner<?> owner, long version) {
        return place.isSuspect(version) || missed.find(place, owner.key()).isPresent();
    }

    /** Asks all places, and brings what is the latest to all that have answered. */
    private <T> Optional<Item<T>> look(ItemOwner<T> owner, Optional<Duration> timeToLive)
            throws UnreadableException {
        return look(store.placement(owner.key()), owner, timeToLive, look -> {});
    }

    /**
     * @param known tells what is known before anything is asked
     */
    private <T> Optional<Item<T>> look(
            Placement placement,
            ItemOwner<T> owner,
            Optional<Duration> timeToLive,
            Consumer<CopyLook<T>> known)
            throws UnreadableException {
        boolean wasEmpty = false; // the places do not answer at the same moment
        boolean wasByChance = false;
        for (int i = 0; i < ROUNDS; i++) {
            Races.pause(i);
            CopyLook<T> look = new CopyLook<>(placement, owner, timeToLive, missed);
            if (i == 0) {
                known.accept(look);
            }
            Optional<Copy<T>> latest = look.latest();
            if (latest.isEmpty() && !(placement.isMoving() && look.hasRemains())) {
                return Optional.empty();
            }
            if (latest.isEmpty() && wasEmpty) {
                look.removeRemains();
                return Optional.empty();
            }
            wasEmpty = latest.isEmpty();
            if (wasEmpty) {
                continue;
            }
            if (!wasByChance && look.isByChance(latest.get())) {
                wasByChance = true;
                continue;
            }
            Optional<ItemVersion> version = look.repair(latest.get());
            if (version.isPresent()) {
                return Optional.of(
                        new Item<>(latest.get().content(), version.get(), latest.get().timeLeft()));
            }
        }
        throw new SessionStoreException(
                "the copies of an item were changed again and again while they were compared");
    }

    // ---- write

    @Override
    public Stored create(ItemOwner<?> owner, byte[] item, Duration timeToLive) {
        return createAs(owner, item, timeToLive);
    }

    private <T> Stored createAs(ItemOwner<T> owner, byte[] item, Duration timeToLive) {
        Placement placement = store.placement(owner.key());
        List<Place> places = placement.places();
        requireToBeFound(places);
        List<Place> silent = new ArrayList<>();
        SessionStoreException noAnswer = null;
        for (int position : inOrder(places)) {
            Place deciding = places.get(position);
            Written written;
            try {
                written = deciding.create(owner.key(), item, timeToLive).await();
            } catch (SessionStoreException e) {
                if (!deciding.isAway()) {
                    throw e; // it would be asked about each change, and have nothing
                }
                noAnswer = suppressing(e, noAnswer);
                silent.add(deciding);
                continue;
            }
            if (!written.isStored()) {
                return Stored.CHANGED;
            }
            silent.forEach(place -> missed.note(place, owner));
            List<CopyWrite<T>> others = new ArrayList<>();
            for (int i = 0; i < places.size(); i++) {
                if (i != position && !silent.contains(places.get(i))) {
                    others.add(copyTo(places.get(i), owner, placement.marked(item), timeToLive));
                }
            }
            Stored stored = spread(owner, others, deciding, Stored.at(deciding, written));
            return placement.isMoving() && placement.isInBoth(hasTaken(places, position, others))
                    ? marked(owner, placement.marked(item), stored, timeToLive)
                    : stored;
        }
        throw noAnswer;
    }

    private static <T> IntPredicate hasTaken(
            List<Place> places, int decided, List<CopyWrite<T>> others) {
        return position ->
                position == decided
                        || others.stream()
                                .anyMatch(
                                        other ->
                                                other.place() == places.get(position)
                                                        && other.isTaken());
    }

    /** Where it comes to nothing, whoever looks next does it. */
    private static Stored marked(
            ItemOwner<?> owner, byte[] item, Stored stored, Duration timeToLive) {
        return stored.version()
                .map(
                        ours -> {
                            Place place = ours.place();
                            try {
                                return Stored.at(
                                        place,
                                        place.replace(owner.key(), item, ours.number(), timeToLive)
                                                .await(),
                                        true);
                            } catch (SessionStoreException e) {
                                return stored;
                            }
                        })
                .filter(Stored::isStored)
                .orElse(stored);
    }

    private static SessionStoreException suppressing(
            SessionStoreException now, SessionStoreException before) {
        if (before == null) {
            return now;
        }
        before.addSuppressed(now);
        return before;
    }

    @Override
    public Stored replace(
            ItemOwner<?> owner, byte[] item, ItemVersion version, Duration timeToLive) {
        return replaceAs(owner, item, version, timeToLive);
    }

    private <T> Stored replaceAs(
            ItemOwner<T> owner, byte[] item, ItemVersion version, Duration timeToLive) {
        Placement placement = store.placement(owner.key());
        List<Place> places = placement.places();
        requireSameForAll(places, arbiter(places));
        version.requireStored();
        Place deciding = version.place();
        int position = places.indexOf(deciding); // -1: the list of servers has changed meanwhile
        if (position < 0 || !decides(places, position)) {
            return Stored.CHANGED; // perhaps: another place has to be asked
        }
        boolean isInBoth = placement.isMoving() && version.isInBoth();
        if (isInBoth && !placement.isInBoth(i -> !places.get(i).isAway())) {
            throw notInBoth();
        }
        List<CopyWrite<T>> others = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            if (i != position) {
                CopyWrite<T> other =
                        copyTo(places.get(i), owner, placement.marked(item), timeToLive);
                if (!other.place().isAway()) {
                    other.beginLook(); // while the arbiter decides
                }
                others.add(other);
            }
        }
        Written written;
        try {
            byte[] decided = isInBoth ? placement.marked(item) : item;
            written = deciding.replace(owner.key(), decided, version.number(), timeToLive).await();
        } catch (SessionException e) {
            others.forEach(CopyWrite::endLook); // so that it is known who else is away
            throw e;
        }
        if (!written.isStored()) {
            others.forEach(CopyWrite::abandon);
            return Stored.CHANGED; // where it is missing, another place may have it
        }
        Stored stored = spread(owner, others, deciding, Stored.at(deciding, written, isInBoth));
        if (stored.isStored()
                && isInBoth
                && !placement.isInBoth(hasTaken(places, position, others))) {
            throw notInBoth();
        }
        return stored;
    }

    /** Nodes that know one list alone would go on with what was there before. */
    private static SessionStoreException notInBoth() {
        return new SessionStoreException(
                "a session was not stored by both lists of memcached servers, as it has to be while"
                        + " the list changes"
                        + CopyLook.IF_GONE_FOR_GOOD);
    }

    private static <T> CopyWrite<T> copyTo(
            Place place, ItemOwner<T> owner, byte[] item, Duration timeToLive) {
        try {
            return new CopyWrite<>(place, owner, owner.open(item), item, timeToLive);
        } catch (UnreadableException e) {
            throw new IllegalStateException("what was sealed here cannot be opened here", e);
        }
    }

    /**
     * Brings what one place has taken to the others.
     *
     * @return {@link Stored#CHANGED} if one of them has something that whoever wrote did not know: that has taken
     *     its place by then
     */
    private <T> Stored spread(
            ItemOwner<T> owner, List<CopyWrite<T>> others, Place arbiter, Stored stored) {
        List<CopyWrite<T>> open = new ArrayList<>(others);
        open.removeIf(other -> other.place().isAway());
        for (int i = 0; i < ROUNDS && !open.isEmpty(); i++) {
            open.forEach(CopyWrite::beginWrite);
            open.forEach(CopyWrite::endWrite);
            open.removeIf(CopyWrite::isDecided);
        }
        others.stream()
                .filter(CopyWrite::isMissed)
                .forEach(other -> missed.note(other.place(), owner));
        Optional<Unknown<T>> unknown =
                others.stream()
                        .map(CopyWrite::unknown)
                        .filter(Objects::nonNull)
                        .reduce(
                                (one, other) ->
                                        owner.isLater(other.content(), one.content())
                                                ? other
                                                : one);
        if (unknown.isEmpty()) {
            return stored;
        }
        giveWay(owner, unknown.get(), arbiter, stored);
        return Stored.CHANGED;
    }

    /** Where that cannot be, a look at all copies decides. */
    private <T> void giveWay(ItemOwner<T> owner, Unknown<T> unknown, Place arbiter, Stored stored) {
        StoredItem theirs = unknown.stored();
        byte[] item = store.placement(owner.key()).marked(theirs.value());
        Duration left = CopyLook.timeToLive(owner, theirs, unknown.content());
        boolean isDone =
                stored.version()
                        .filter(
                                ours ->
                                        arbiter.replace(owner.key(), item, ours.number(), left)
                                                .await()
                                                .isStored())
                        .isPresent();
        if (!isDone) {
            try {
                look(owner, Optional.empty());
            } catch (UnreadableException e) {
                LOG.log(Level.DEBUG, "What is there cannot be read, as whoever looks will see", e);
            }
        }
    }

    @Override
    public boolean overwrite(ItemOwner<?> owner, byte[] item, Duration timeToLive) {
        Polled polled = poll(owner, place -> place.overwrite(owner.key(), item, timeToLive));
        if (polled.done.isEmpty()) {
            return false;
        }
        for (Place without : polled.not) {
            try {
                without.create(owner.key(), item, timeToLive).await();
            } catch (SessionStoreException e) {
                missed.note(without, owner);
            }
        }
        polled.silent.forEach(place -> missed.note(place, owner));
        Placement placement = store.placement(owner.key());
        if (placement.isMoving()
                && !placement.isInBoth(i -> !polled.silent.contains(placement.places().get(i)))) {
            throw notInBoth();
        }
        return true;
    }

    @Override
    public void touch(ItemOwner<?> owner, Duration timeToLive) {
        Polled polled = poll(owner, place -> place.touch(owner.key(), timeToLive));
        if (!polled.done.isEmpty() && !polled.not.isEmpty()) {
            try {
                look(owner, Optional.empty());
            } catch (UnreadableException e) {
                LOG.log(Level.DEBUG, "What is there cannot be read, and gets no copy", e);
            }
        }
    }

    @Override
    public void delete(ItemOwner<?> owner) {
        poll(owner, place -> place.delete(owner.key()))
                .silent
                .forEach(place -> missed.note(place, owner));
    }

    /** What all places have said to the same. */
    private record Polled(List<Place> done, List<Place> not, List<Place> silent) {}

    /**
     * Asks all places at once; those that are away only if all are.
     *
     * @throws SessionStoreException not one answers
     */
    private Polled poll(ItemOwner<?> owner, Function<Place, Answer<Boolean>> question) {
        List<Place> places = store.placement(owner.key()).places();
        Polled polled = new Polled(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        boolean allAway = places.stream().allMatch(Place::isAway);
        List<Place> asked = new ArrayList<>();
        List<Answer<Boolean>> answers = new ArrayList<>();
        for (Place place : places) {
            if (allAway || !place.isAway()) {
                asked.add(place);
                answers.add(question.apply(place));
            } else {
                polled.silent.add(place);
            }
        }
        SessionStoreException noAnswer = null;
        for (int i = 0; i < asked.size(); i++) {
            try {
                (answers.get(i).await() ? polled.done : polled.not).add(asked.get(i));
            } catch (SessionStoreException e) {
                noAnswer = suppressing(e, noAnswer);
                polled.silent.add(asked.get(i));
            }
        }
        if (polled.done.isEmpty() && polled.not.isEmpty()) {
            throw noAnswer;
        }
        return polled;
    }

    // ---- places

    /** The first in {@linkplain #inOrder order}. */
    static int arbiter(List<Place> places) {
        for (int i = 0; i < places.size(); i++) {
            if (isSteady(places.get(i))) {
                return i;
            }
        }
        return inOrder(places).get(0);
    }

    /**
     * Where all places were away at once, nodes see them come back one after the other, and not in the same order:
     * two of them could go on with one place each, and not know of each other.
     */
    private static void requireSameForAll(List<Place> places, int arbiter) {
        Place first = places.get(arbiter);
        if (!first.isAway() && !isSteady(first) && places.stream().anyMatch(Place::isAway)) {
            throw new SessionStoreException(
                    "of the memcached servers that have copies of an item none was there all the time, one has"
                            + " just come back, and another one has not: what is stored cannot be told. Try"
                            + " again in a few seconds");
        }
    }

    /** Where all places were away, what one of them alone gets looks to other nodes as if the others had lost it. */
    private static void requireToBeFound(List<Place> places) {
        int arbiter = arbiter(places);
        requireSameForAll(places, arbiter);
        if (places.size() > 1 && places.get(arbiter).isAway()) {
            throw new SessionStoreException(
                    "of the memcached servers that are to have copies of a new item none is there. Try again in a"
                            + " few seconds");
        }
    }

    private static boolean isSteady(Place place) {
        return !place.isAway() && !place.isReturning();
    }

    /** Whether a place is the arbiter. Where all are away, any that has answered is. */
    private static boolean decides(List<Place> places, int position) {
        int arbiter = arbiter(places);
        return position == arbiter || places.get(arbiter).isAway();
    }

    /** Those that are away last, and before them those that are back since a moment. */
    private static List<Integer> inOrder(List<Place> places) {
        List<Integer> order = new ArrayList<>();
        List<Integer> returning = new ArrayList<>();
        List<Integer> away = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            (place.isAway() ? away : isSteady(place) ? order : returning).add(i);
        }
        order.addAll(returning);
        order.addAll(away);
        return order;
    }

    private static List<Answer<Boolean>> askOthers(
            List<Place> places, int arbiter, Function<Place, Answer<Boolean>> question) {
        List<Answer<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            if (i != arbiter && !places.get(i).isAway()) {
                answers.add(question.apply(places.get(i)));
            }
        }
        return answers;
    }

    // ---- repair

    /**
     * A place is back: what it has missed is brought to it, before others take what is old for new. So is what
     * others have missed that it alone has.
     */
    private void repair(Place back) {
        makeGood(back, missed.of(back));
        for (Place other : missed.places()) {
            if (other != back) {
                makeGood(
                        other,
                        missed.of(other).stream()
                                .filter(
                                        miss ->
                                                store.placement(miss.owner().key())
                                                        .places()
                                                        .contains(back))
                                .toList());
            }
        }
    }

    private void makeGood(Place place, List<Miss> misses) {
        int made = 0;
        for (Miss miss : misses) {
            if (place.isAway()) {
                break;
            }
            if (isMadeGood(place, miss.owner())) {
                missed.made(place, miss);
                made++;
            }
        }
        if (made > 0) {
            LOG.log(
                    Level.INFO,
                    "{0} items were brought to {1}, which had missed them",
                    made,
                    place);
        }
    }

    private <T> boolean isMadeGood(Place place, ItemOwner<T> owner) {
        List<Place> others = new ArrayList<>(store.placement(owner.key()).places());
        if (!others.remove(place)) {
            return true; // the list of servers has changed
        }
        try {
            Optional<Item<T>> latest = look(owner, Optional.empty());
            if (latest.isPresent()) {
                // of what it does not take other nodes do not know: they would believe what it has
                return has(place, owner, latest.get().content())
                        || (!place.isAway()
                                && !store.placement(owner.key()).isMoving()
                                && isRemoved(place, owner));
            }
            return others.stream().noneMatch(Place::isAway) && isRemoved(place, owner);
        } catch (UnreadableException e) {
            return true; // and nobody takes it for anything
        } catch (SessionStoreException e) {
            LOG.log(Level.DEBUG, "What a place has missed is not to be had", e);
            return !place.isJustBack() // else the others may be about to come back, too
                    && others.stream().allMatch(Place::isAway)
                    && isRemoved(place, owner);
        }
    }

    /** A place may refuse what is brought to it, and keep what it had. */
    private static <T> boolean has(Place place, ItemOwner<T> owner, T latest)
            throws UnreadableException {
        if (place.isAway()) {
            return false;
        }
        Optional<StoredItem> there;
        try {
            there = place.load(owner.key(), Optional.empty()).await();
        } catch (SessionException e) {
            return false;
        }
        return there.isPresent() && !owner.isLater(latest, owner.open(there.get().value()));
    }

    /** Lost is better than stale. */
    private boolean isRemoved(Place place, ItemOwner<?> owner) {
        try {
            place.delete(owner.key()).await();
            return true;
        } catch (SessionStoreException e) {
            return false;
        }
    }
}
