package org.memcachedsession.session.interleaving;

import static org.memcachedsession.session.interleaving.Texts.A;
import static org.memcachedsession.session.interleaving.Texts.B;
import static org.memcachedsession.session.interleaving.Texts.P;
import static org.memcachedsession.session.interleaving.Texts.Q;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.session.Sessions;
import org.memcachedsession.session.UnitOfWork;
import org.memcachedsession.session.UnitOfWork.CookieChange;
import org.memcachedsession.session.interleaving.Texts.Text;

/**
 * One request, which does what its program says and keeps books of its own of what it has to see and
 * what is to be stored: from its steps and from what the store was told, never from the rules under
 * test.
 */
final class Request {

    /** Lost races after which a save may give up. */
    private static final int ATTEMPTS = 8;

    /** What one step adds to one bean. */
    private record Tag(BeanKey bean, String text) {}

    /** A change that a save has promised to keep. */
    private record Acknowledged(ItemKey item, Tag tag) {}

    private final Run run;
    private final int number;
    private final Program program;
    private final UnitOfWork unit;
    private final boolean hasCookie;
    private final String owner;
    private final Set<ItemKey> own = new HashSet<>();

    /** What it has to see: the session as it was when it was read, and what it did to it since. */
    private final Map<BeanKey, String> view = new TreeMap<>();

    /** As the view, without what is not stored yet. */
    private final Map<BeanKey, String> settled = new TreeMap<>();

    private final List<Tag> unsaved = new ArrayList<>();
    private final Set<BeanKey> removals = new TreeSet<>(); // also of beans that it made anew since
    private final List<Acknowledged> acknowledged = new ArrayList<>();

    private ItemKey item; // of its session, if that is in the store, or was
    private boolean asked; // the store, whether there is a session
    private boolean unavailable; // the store did not say
    private boolean abandoned; // a save failed, or found no item
    private boolean ending;
    private boolean closing;
    private int failures;
    private ItemKey given;
    private boolean takenBack;
    private int stepNumber;

    // what happened in the save that is going on, or the last one
    private boolean saving;
    private int stores;
    private ItemKey created;
    private int lostRaces;
    private boolean foundNothing;
    private int lossesTold;
    private int failuresBefore;
    private final List<BeanKey> told = new ArrayList<>();
    private final Set<BeanKey> conflicts = new TreeSet<>();

    Request(Run run, int number, Program program, Sessions node, Optional<SessionId> cookie) {
        this.run = run;
        this.number = number;
        this.program = program;
        unit = node.begin(cookie.stream().toList());
        hasCookie = cookie.isPresent();
        asked = !hasCookie;
        owner = hasCookie ? String.valueOf(program.cookie()) : "new" + number;
        cookie.map(run::keyOf).ifPresent(own::add);
    }

    /** All of it, on one thread. Throws nothing. */
    void run() {
        try {
            for (Step step : program.steps()) {
                stepNumber++;
                run.note(number, step);
                perform(step);
            }
            if (!program.steps().contains(Step.SAVE)) {
                run.note(number, "save at the end");
                save(unit::save);
            }
            run.note(number, "close");
            close();
            checkCookie();
        } catch (RuntimeException | Error e) {
            require(false, "a failure that nobody has asked for: " + e);
        }
    }

    private void perform(Step step) {
        try {
            switch (step) {
                case READ_A -> read(A);
                case READ_P -> read(P);
                case READ_Q -> read(Q);
                case CHANGE_A -> change(A);
                case CHANGE_B -> change(B);
                case CHANGE_PAIR -> {
                    change(P);
                    change(Q);
                }
                case REMOVE_A -> remove(A);
                case SAVE -> save(unit::saveIfUsed);
                case END -> end();
                case EVICT -> own.forEach(run::evict);
            }
        } catch (SessionStoreException e) {
            require(unavailable, "the store answered, but the request says that it did not");
        }
    }

    private void read(BeanKey key) {
        Text bean = (Text) unit.find(key);
        checkSeen(key, bean == null ? null : bean.value);
    }

    private void change(BeanKey key) {
        String[] found = {null};
        Text bean =
                (Text)
                        unit.findOrCreate(
                                key,
                                () -> {
                                    found[0] = "made";
                                    return new Text();
                                });
        checkSeen(key, found[0] == null ? bean.value : null);
        Tag tag = new Tag(key, owner + number + "." + stepNumber + ";");
        bean.value += tag.text;
        view.put(key, bean.value);
        unsaved.add(tag);
    }

    private void remove(BeanKey key) {
        Text bean = (Text) unit.remove(key);
        checkSeen(key, bean == null ? null : bean.value);
        view.remove(key);
        unsaved.removeIf(tag -> tag.bean.equals(key));
        removals.add(key);
    }

    /** One moment of the session, and what this request has done since. */
    private void checkSeen(BeanKey key, String seen) {
        require(!unavailable, "beans without a session that could be read");
        if (!Objects.equals(seen, view.get(key))) {
            require(false, "sees " + key + " = " + seen + " and not " + view.get(key));
        }
    }

    // ---- save

    private void save(Runnable save) {
        boolean due = beginSave();
        try {
            save.run();
            checkSave(due, false);
        } catch (SessionStoreException e) {
            require(
                    failures > failuresBefore,
                    "the save says that the store did not answer, but it did");
            abandon();
        } catch (SessionException e) {
            require(
                    lostRaces + failures - failuresBefore >= ATTEMPTS,
                    "the save gave up after " + lostRaces + " lost races");
            abandon();
        } finally {
            saving = false;
        }
    }

    private boolean beginSave() {
        saving = true;
        stores = 0;
        created = null;
        lostRaces = 0;
        foundNothing = false;
        lossesTold = 0;
        failuresBefore = failures;
        told.clear();
        conflicts.clear();
        return !pending().isEmpty() && !abandoned && !unavailable;
    }

    /**
     * @param mayFail nobody could be told of a failure
     */
    private void checkSave(boolean due, boolean mayFail) {
        require(stores <= 1, "stored twice in one save");
        if (!due) {
            return;
        }
        if (foundNothing) { // also if it was stored, and another request ended the session
            require(
                    lossesTold == 1 && told.isEmpty(),
                    "the session was lost, and that is not told");
            abandon();
        } else if (mayFail && told.isEmpty()) { // the request itself does not know
            abandon();
        } else if (stores == 1) {
            if (created != null) {
                given = created;
            }
            checkTold();
            acknowledge();
        } else {
            require(false, "the save says that all is well, and nothing is stored");
            abandon();
        }
    }

    private void checkTold() {
        require(
                lossesTold == 0 && told.equals(List.copyOf(conflicts)),
                "conflicts of " + conflicts + ", and told are those of " + told);
    }

    private void acknowledge() {
        unsaved.forEach(tag -> acknowledged.add(new Acknowledged(item, tag)));
        unsaved.clear();
    }

    private void abandon() {
        conflicts.forEach(run::conflicted); // stored perhaps, and nobody knows
        abandoned = true;
        unsaved.clear();
    }

    private void close() {
        boolean due = beginSave() && item != null;
        closing = true;
        unit.close();
        checkSave(due, failures > failuresBefore || lostRaces >= ATTEMPTS);
        saving = false;
        require(!unit.isOpen(), "open after its close");
    }

    /** What is to be stored: where its view is not what is stored, as far as it knows. */
    private Set<BeanKey> pending() {
        Set<BeanKey> pending = new TreeSet<>(view.keySet());
        pending.addAll(settled.keySet());
        pending.removeIf(key -> Objects.equals(view.get(key), settled.get(key)));
        return pending;
    }

    // ---- end

    private void end() {
        int failuresBeforeEnd = failures;
        ending = true;
        try {
            unit.invalidate();
        } catch (SessionStoreException e) {
            require(
                    unavailable || failures > failuresBeforeEnd,
                    "the end says that the store did not answer, but it did");
            return;
        } finally {
            ending = false;
        }
        if (item != null) {
            require(run.content(item).isEmpty(), "ended, but the item is there");
            run.gone(item);
        }
        if (hasCookie || given != null) {
            takenBack = true;
        }
        given = null;
        item = null;
        abandoned = false;
        view.clear();
        settled.clear();
        unsaved.clear();
    }

    private void checkCookie() {
        Optional<CookieChange> change = unit.cookieChange();
        if (given != null) {
            require(
                    change.filter(CookieChange.Give.class::isInstance)
                            .map(give -> run.keyOf(((CookieChange.Give) give).id()))
                            .filter(given::equals)
                            .isPresent(),
                    "the browser is not given the id of its new session but " + change);
        } else if (takenBack) {
            require(
                    change.filter(CookieChange.TakeBack.class::isInstance).isPresent(),
                    "the cookie of an ended session is not taken back but " + change);
        } else {
            require(change.isEmpty(), "the cookie is touched for no reason: " + change);
        }
    }

    // ---- what the store was told

    void failed(String call) {
        run.note(number, "   " + call + " fails");
        failures++;
        foundNothing = false; // or it does not know
        if (!asked) {
            unavailable = true;
        }
    }

    /**
     * @param content empty also for a tombstone
     */
    void loaded(ItemKey key, Optional<Map<BeanKey, String>> content) {
        run.note(number, "   load", content);
        require(own.contains(key), "another browser's item is read");
        if (!asked) {
            asked = true;
            content.ifPresent(
                    beans -> {
                        item = key;
                        view.putAll(beans);
                        settled.putAll(beans);
                    });
            return;
        }
        if (ending) {
            return;
        }
        boolean outcomeUnknown = failures > failuresBefore;
        require(
                saving && (outcomeUnknown || !pending().isEmpty()),
                "the store is asked again for no reason");
        foundNothing = content.isEmpty();
    }

    void creates(ItemKey key) {
        require(own.add(key) && !run.isKnown(key), "created under an id that was there before");
        require(!closing, "a session that no browser can be told of");
        item = key;
    }

    void created(ItemKey key, Map<BeanKey, String> content) {
        run.note(number, "   create", content);
        require(content.equals(view), "the new session holds something else: " + content);
        run.created(key, owner);
        created = key;
        settle();
    }

    void didNotReplace(SessionStore.Replacement outcome) {
        run.note(number, "   replace", outcome);
        require(ending || !pending().isEmpty(), "wants to store without a change");
        if (outcome == SessionStore.Replacement.CHANGED) {
            lostRaces++;
        } else {
            foundNothing = true;
        }
    }

    void replaced(ItemKey key, Optional<Map<BeanKey, String>> before, Map<BeanKey, String> after) {
        run.note(number, "   replace", after);
        require(key.equals(item), "another session is replaced");
        require(!abandoned, "stored after a failure, or after the session was lost");
        require(before.isPresent(), "stored where there was no item");
        require(!run.isGone(key), "an ended session is stored again");
        Map<BeanKey, String> theirs = before.orElse(Map.of());
        Set<BeanKey> pending = pending();
        require(!pending.isEmpty(), "stored without a change, or twice");
        Set<BeanKey> all = new TreeSet<>(theirs.keySet());
        all.addAll(after.keySet());
        all.addAll(pending);
        for (BeanKey bean : all) {
            String expected =
                    pending.contains(bean) ? merged(bean, theirs.get(bean)) : theirs.get(bean);
            if (!Objects.equals(after.get(bean), expected)) {
                require(false, bean + " is stored as " + after.get(bean) + ", not " + expected);
            }
        }
        checkPair(after);
        settle();
    }

    private void checkPair(Map<BeanKey, String> beans) {
        require(Objects.equals(beans.get(P), beans.get(Q)), "torn: P and Q differ in the store");
    }

    /** Removal beats change, else the last one wins. */
    private String merged(BeanKey bean, String theirs) {
        String base = settled.get(bean);
        String ours = view.get(bean);
        if (!Objects.equals(theirs, base) && !Objects.equals(theirs, ours)) {
            conflicts.add(bean);
        }
        boolean theyRemovedIt = theirs == null && base != null;
        return theyRemovedIt ? null : ours;
    }

    private void settle() {
        stores++;
        removals.forEach(run::removed);
        settled.clear();
        settled.putAll(view);
    }

    void ended(ItemKey key) {
        run.note(number, "   delete");
        require(ending && own.contains(key), "ended for no reason");
        run.gone(key);
    }

    void conflictTold(BeanKey key) {
        run.note(number, "   conflict of", key);
        told.add(key);
        run.conflicted(key);
    }

    void lossTold() {
        run.note(number, "   the session is lost");
        lossesTold++;
    }

    // ---- after all

    /** Each change that a save has acknowledged is there, or it was told why not. */
    void checkAcknowledged() {
        for (Acknowledged each : acknowledged) {
            Tag tag = each.tag;
            if (run.isGone(each.item) || run.mayHaveLost(tag.bean)) {
                continue;
            }
            String value = run.content(each.item).map(beans -> beans.get(tag.bean)).orElse("");
            require(
                    value.contains(tag.text),
                    "lost update: " + tag.text + " is not in " + tag.bean + " = " + value);
        }
    }

    private void require(boolean kept, String broken) {
        if (!kept) {
            run.require(false, "request " + number + ": " + broken);
        }
    }
}
