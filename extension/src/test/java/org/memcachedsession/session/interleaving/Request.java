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
import org.memcachedsession.session.interleaving.Ledger.Fate;
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
    private final Ledger ledger;
    private final int number;
    private final Program program;
    private final UnitOfWork unit;
    private final boolean cookieSlides;
    private final boolean hasCookie;
    private final String owner;
    private final Optional<ItemKey> presented;
    private final Set<ItemKey> own = new HashSet<>(); // presented, or made by itself
    private final Set<ItemKey> secret = new HashSet<>(); // which nobody else can know yet

    /** What it has to see: the session as it was when it was read, and what it did to it since. */
    private final Map<BeanKey, String> view = new TreeMap<>();

    /** What the store held when this request has loaded or stored last. */
    private Map<BeanKey, String> lastStored = Map.of();

    /** As the view, without what is not stored yet. */
    private final Map<BeanKey, String> settled = new TreeMap<>();

    private final List<Tag> unsaved = new ArrayList<>();
    private final Set<BeanKey> removals = new TreeSet<>(); // also of beans that it made anew since
    private final List<Acknowledged> acknowledged = new ArrayList<>();

    private ItemKey item; // of its session, if that is in the store, or was
    private boolean asked; // the store, whether there is a session
    private boolean unavailable; // the store did not say
    private boolean late; // somebody has just logged in with its session, which has another id
    private boolean abandoned; // a save failed, or found no item
    private boolean saveFailed; // as its caller was told
    private boolean loginDue; // the next save is to give the session another id
    private boolean loggedIn; // so the ids from before are to be dead
    private boolean ending;
    private boolean closing;
    private int failures;
    private ItemKey begun; // a session that no other request can know
    private ItemKey given;
    private ItemKey mayBeGivenAgain; // what the browser has sent, and leads to its session
    private boolean takenBack;
    private int stepNumber;

    private boolean saving;
    private Save save = new Save(null, false, 0); // that is going on, or the last one

    /**
     * @param cookieSlides whether cookies are given again now and then
     */
    Request(
            Run run,
            int number,
            Program program,
            Sessions node,
            boolean cookieSlides,
            Optional<SessionId> cookie) {
        this.run = run;
        this.ledger = run.ledger();
        this.number = number;
        this.program = program;
        this.cookieSlides = cookieSlides;
        unit = node.begin(cookie.stream().toList());
        hasCookie = cookie.isPresent();
        asked = !hasCookie;
        owner = hasCookie ? String.valueOf(program.cookie()) : "new" + number;
        presented = cookie.map(run::keyOf);
        presented.ifPresent(own::add);
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
                case LOGIN -> logIn();
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
        String[] origin = {null};
        Text bean =
                (Text)
                        unit.findOrCreate(
                                key,
                                () -> {
                                    origin[0] = "made";
                                    return new Text();
                                });
        checkSeen(key, origin[0] == null ? bean.value : null);
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

    private void logIn() {
        try {
            unit.rotateId();
        } catch (IllegalStateException e) {
            require(saveFailed, "no login is possible: " + e);
            return;
        }
        require(!saveFailed || item == null, "a login whose id from before stays alive");
        if (late) { // the browser gets a newer cookie than any other
            late = false;
            abandoned = false;
        }
        loggedIn = true;
        loginDue = item == null || !secret.contains(item);
    }

    // ---- save

    private void save(Runnable how) {
        beginSave();
        try {
            how.run();
            checkSave(false);
            checkOldIds();
        } catch (SessionStoreException e) {
            require(
                    failures > save.failuresBefore || (unavailable && loginDue),
                    "the save says that the store did not answer, but it did");
            fail();
        } catch (SessionException e) {
            require(
                    save.lostRaces + failures - save.failuresBefore >= ATTEMPTS,
                    "the save gave up after " + save.lostRaces + " lost races: " + e);
            fail();
        } finally {
            saving = false;
        }
    }

    private void beginSave() {
        saving = true;
        save = new Save(item, !pending().isEmpty(), failures);
    }

    /**
     * @param mayFail nobody could be told of a failure
     */
    private void checkSave(boolean mayFail) {
        require(save.stores <= 1, "stored twice in one save");
        if (abandoned || unavailable) {
            return;
        }
        if (late) {
            if (save.hadChanges) {
                require(
                        save.stores == 0 && save.lossesTold == 1,
                        "a late request is to store nothing, and say so");
                abandon();
            }
        } else if (closing && loginDue) {
            abandon(); // a new id would reach no browser, and the old one is to be dead
        } else if (save.deadEnd != null && !loginGoesOn()) {
            lose(); // also if it was stored, and another request ended the session
        } else if (mayFail && save.conflictsTold.isEmpty()) { // the request itself does not know
            abandon();
        } else {
            succeed();
        }
    }

    /** Whoever logs in has shown who they are, whatever has become of the old id but an end. */
    private boolean loginGoesOn() {
        return loginDue && save.fresh != null && (save.isMissing || isLoggedIn(save.deadEnd));
    }

    /** Whether somebody has logged in there, and the session has gone on to another id. */
    private boolean isLoggedIn(ItemKey key) {
        return ledger.fate(key).filter(Fate.LOGGED_IN::equals).isPresent();
    }

    private void lose() {
        require(
                save.lossesTold == 1 || (save.lossesTold == 0 && !save.hadChanges),
                "the session was lost, and that is not told");
        require(save.conflictsTold.isEmpty(), "conflicts of what was lost");
        if (save.lossesTold == 1) {
            abandon();
        }
        if (save.fresh != null && !save.isTakenBack) {
            require(
                    !save.isFreshThere || (failures > save.failuresBefore && save.isMissing),
                    "the fresh id of a lost session stays");
            ledger.leftBehind(save.fresh);
        }
        if (!Objects.equals(given, begun)) {
            given = null; // it leads nowhere
        }
        mayBeGivenAgain = null;
    }

    private void succeed() {
        require(
                !loginDue || item == null || save.isFreshThere,
                "the save says that all is well, and the old id is there");
        if (save.fresh != null && !save.isFreshThere) {
            ledger.leftBehind(save.fresh); // perhaps it is there
        }
        if (save.stores == 0 && !save.isFreshThere) {
            item = save.heldBefore; // it has only looked whether the cookie is good
        }
        if (save.created != null) {
            secret.add(save.created);
            begun = save.created;
            give(save.created);
        } else if (save.leavesFresh()) {
            moved();
        } else if (save.found != null && isLedOn()) {
            give(save.found);
        } else if (save.found != null) {
            mayBeGivenAgain = save.found;
        }
        require(
                !save.hadChanges || save.stores == 1,
                "the save says that all is well, and nothing is stored");
        checkTold();
        acknowledge();
    }

    private void moved() {
        if (!save.hasMoved) {
            require(loginGoesOn(), "a new id beside the old one");
            settle();
        }
        if (loginDue) {
            secret.add(save.fresh);
            ledger.countLogin(save.fresh);
            loginDue = false;
        }
        item = save.fresh;
        give(item);
    }

    private void give(ItemKey key) {
        if (!closing) {
            given = key;
        }
    }

    /** After a login nobody gets to the session by an id from before. */
    private void checkOldIds() {
        if (!loggedIn) {
            return;
        }
        for (ItemKey old : ledger.reachableNow(own)) {
            require(
                    secret.contains(old) || ledger.isLeftBehind(old) || run.content(old).isEmpty(),
                    "logged in, and there is a session under the id from before");
        }
    }

    private void checkTold() {
        require(
                save.lossesTold == 0 && save.conflictsTold.equals(List.copyOf(save.conflicts)),
                "conflicts of " + save.conflicts + ", and told are those of " + save.conflictsTold);
    }

    private void acknowledge() {
        unsaved.forEach(tag -> acknowledged.add(new Acknowledged(item, tag)));
        unsaved.clear();
    }

    private void fail() {
        require(!loginDue || !save.leavesFresh(), "a login that failed leaves its session behind");
        if (save.creating != null) {
            ledger.leftBehind(save.creating);
        }
        item = save.heldBefore; // wherever the save has looked for it
        saveFailed = true;
        loginDue = false;
        loggedIn = false;
        abandon();
    }

    private void abandon() {
        save.conflicts.forEach(run::conflicted); // stored perhaps, and nobody knows
        abandoned = true;
        unsaved.clear();
    }

    private void close() {
        beginSave();
        closing = true;
        unit.close();
        if (item != null) {
            checkSave(failures > save.failuresBefore || save.lostRaces >= ATTEMPTS);
        }
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
        Set<ItemKey> ended = item == null ? Set.of() : ledger.reachableNow(Set.of(item));
        for (ItemKey each : ended) {
            require(run.content(each).isEmpty(), "ended, but the session is there");
            ledger.goneAtLast(each);
        }
        if (hasCookie || given != null) {
            takenBack = true;
        }
        given = null;
        mayBeGivenAgain = null;
        item = null;
        abandoned = false;
        saveFailed = false;
        loginDue = false;
        loggedIn = false;
        view.clear();
        settled.clear();
        unsaved.clear();
    }

    private void checkCookie() {
        Optional<CookieChange> change = unit.cookieChange();
        Optional<SessionId> id =
                change.filter(CookieChange.Give.class::isInstance)
                        .map(give -> ((CookieChange.Give) give).id());
        id.ifPresent(run::givenToBrowser);
        boolean isGivenAgain =
                cookieSlides && id.isPresent() && run.keyOf(id.get()).equals(mayBeGivenAgain);
        if (given != null) {
            require(
                    id.map(run::keyOf).filter(given::equals).isPresent(),
                    "the browser is not given the id of its session but " + change);
        } else if (takenBack) {
            require(
                    change.filter(CookieChange.TakeBack.class::isInstance).isPresent(),
                    "the cookie of an ended session is not taken back but " + change);
        } else {
            require(
                    change.isEmpty() || isGivenAgain,
                    "the cookie is touched for no reason: " + change);
        }
    }

    // ---- what the store was told

    void failed(String call) {
        run.note(number, "   " + call + " fails");
        failures++;
        if (!save.isTakenBack) {
            save.deadEnd = null; // or it does not know
        }
        if (!asked) {
            unavailable = true;
        }
    }

    /**
     * @param isThere also if it is a tombstone, which has no content
     */
    void loaded(ItemKey key, boolean isThere, Optional<Map<BeanKey, String>> content) {
        run.note(number, "   load", key, content);
        require(isReached(key), "another browser's item is read");
        require(
                content.isEmpty() || !ledger.isGone(key),
                "there is a session under an id that was given up");
        if (!asked) {
            loadedFirst(key, isThere, content);
        } else if (!key.equals(save.fresh)) {
            loadedAgain(key, isThere, content);
        } else if (content.isPresent()) {
            knowsOf(key);
        }
    }

    private void loadedFirst(ItemKey key, boolean isThere, Optional<Map<BeanKey, String>> content) {
        if (isThere && content.isEmpty() && ledger.successor(key).isPresent()) {
            return; // on to that
        }
        asked = true;
        late = isThere && isLoggedIn(key) && !loggedIn;
        content.ifPresent(
                beans -> {
                    item = key;
                    view.putAll(beans);
                    settled.putAll(beans);
                    lastStored = beans;
                });
    }

    private void loadedAgain(ItemKey key, boolean isThere, Optional<Map<BeanKey, String>> content) {
        boolean outcomeUnknown = failures > save.failuresBefore;
        require(
                ending
                        || saving
                                && (outcomeUnknown
                                        || save.fresh != null
                                        || isLedOn()
                                        || cookieSlides
                                        || !pending().isEmpty()),
                "the store is asked again for no reason");
        if (ending) {
            return;
        }
        save.lookedAt = content.orElse(null);
        Optional<ItemKey> successor = isThere ? ledger.successor(key) : Optional.empty();
        if (content.isPresent()) {
            foundAt(key);
        } else if (successor.isPresent()) {
            item = successor.get();
            save.found = null;
        } else {
            save.foundNothingAt(key, !isThere);
        }
    }

    private void foundAt(ItemKey key) {
        item = key;
        save.foundAt(key);
    }

    /** Whether the browser has sent another id, which leads there. */
    private boolean isLedOn() {
        return item != null && !own.contains(item);
    }

    private boolean isReached(ItemKey key) {
        return ledger.reachable(own).contains(key);
    }

    void creates(ItemKey key) {
        require(own.add(key) && !ledger.wasThere(key), "created under an id that was there before");
        require(!closing, "a session that no browser can be told of");
        save.creating = key;
        if (item == null) {
            item = key;
        } else {
            require(saving && save.fresh == null, "a new id out of turn");
            require(loginDue || isRenewalDue(item), "a new id for no reason");
            save.fresh = key;
        }
    }

    private boolean isRenewalDue(ItemKey key) {
        return program.isDue() && presented.get().equals(key) && !closing;
    }

    /** It was told that this is there. */
    void knowsOf(ItemKey key) {
        if (key.equals(save.fresh)) {
            save.isFreshThere = true;
        }
    }

    void created(ItemKey key, Map<BeanKey, String> content) {
        run.note(number, "   create", key, content);
        if (save.fresh == null) {
            require(content.equals(view), "the new session holds something else: " + content);
            ledger.begun(key, owner);
            save.created = key;
            loginDue = false;
            settle();
            lastStored = content;
        } else {
            checkStored(content, lastStored);
            ledger.copied(item, key);
        }
    }

    /**
     * @param content empty: a tombstone
     */
    void overwritten(ItemKey key, Optional<Map<BeanKey, String>> content) {
        if (content.isEmpty()) {
            ended(key);
            return;
        }
        run.note(number, "   overwrite", key, content);
        require(key.equals(save.fresh), "overwritten for no reason");
        require(save.lookedAt != null && !ledger.isGone(key), "overwritten blindly");
        checkStored(content.get(), save.lookedAt);
    }

    void didNotReplace(ItemKey key, SessionStore.Replacement outcome) {
        run.note(number, "   replace", key, outcome);
        require(
                ending || save.fresh != null || !pending().isEmpty(),
                "wants to store without a change");
        if (outcome == SessionStore.Replacement.CHANGED) {
            save.lostRaces++;
        } else {
            save.foundNothingAt(key, true);
        }
    }

    /**
     * @param after empty: a tombstone
     */
    void replaced(
            ItemKey key,
            Optional<Map<BeanKey, String>> before,
            Optional<Map<BeanKey, String>> after) {
        if (after.isPresent()) {
            stored(key, before, after.get());
        } else if (ending) {
            ended(key);
        } else {
            gaveUp(key, before);
        }
    }

    private void stored(
            ItemKey key, Optional<Map<BeanKey, String>> before, Map<BeanKey, String> after) {
        run.note(number, "   replace", key, after);
        require(!loginDue, "stored under the id from before a login");
        require(
                !isRenewalDue(key) || failures > save.failuresBefore,
                "stored under an id that is due to be renewed");
        require(!pending().isEmpty(), "stored without a change, or twice");
        checkReplaced(key, before);
        checkStored(after, before.orElse(Map.of()));
        lastStored = after;
        foundAt(key);
        settle();
    }

    /** The session has no longer its old id: that is the moment when the fresh one counts. */
    private void gaveUp(ItemKey key, Optional<Map<BeanKey, String>> before) {
        run.note(number, "   replace", key, "by a tombstone");
        require(save.leavesFresh(), "given up for no reason");
        if (save.fresh == null) {
            return;
        }
        checkReplaced(key, before);
        Map<BeanKey, String> moved = run.content(save.fresh).orElse(Map.of());
        checkStored(moved, before.orElse(Map.of()));
        lastStored = moved;
        save.hasMoved = true;
        if (loginDue) {
            ledger.loggedIn(key, save.fresh);
        } else {
            ledger.renewed(key, save.fresh);
        }
        settle();
    }

    private void checkReplaced(ItemKey key, Optional<Map<BeanKey, String>> before) {
        require(key.equals(item), "another session is replaced");
        require(!abandoned, "stored after a failure, or after the session was lost");
        require(before.isPresent(), "stored where there was no item");
        require(!ledger.isGone(key), "an ended session is stored again");
    }

    /** All that was there, and what this request has changed. */
    private void checkStored(Map<BeanKey, String> after, Map<BeanKey, String> theirs) {
        save.conflicts.clear();
        Set<BeanKey> pending = pending();
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
        require(Objects.equals(after.get(P), after.get(Q)), "torn: P and Q differ in the store");
    }

    /** Removal beats change, else the last one wins. */
    private String merged(BeanKey bean, String theirs) {
        String base = settled.get(bean);
        String ours = view.get(bean);
        if (!Objects.equals(theirs, base) && !Objects.equals(theirs, ours)) {
            save.conflicts.add(bean);
        }
        boolean theyRemovedIt = theirs == null && base != null;
        return theyRemovedIt ? null : ours;
    }

    private void settle() {
        save.stores++;
        removals.forEach(run::removed);
        settled.clear();
        settled.putAll(view);
    }

    private void ended(ItemKey key) {
        run.note(number, "   end", key);
        require(ending && isReached(key), "ended for no reason");
        ledger.gone(key, Fate.ENDED);
    }

    void touches(ItemKey key) {
        require(isReached(key), "another browser's session is kept alive");
    }

    void deletes(ItemKey key) {
        require(key.equals(save.fresh), "deleted for no reason");
        require(!save.hasMoved || loginDue, "others were led to what is deleted");
        save.isTakenBack = true;
        ledger.leftBehind(key); // until it has happened
    }

    void deleted(ItemKey key) {
        run.note(number, "   delete", key);
        ledger.gone(key, Fate.DROPPED);
    }

    void conflictTold(BeanKey key) {
        run.note(number, "   conflict of", key);
        save.conflictsTold.add(key);
        run.conflicted(key);
    }

    void lossTold() {
        run.note(number, "   the session is lost");
        save.lossesTold++;
    }

    // ---- after all

    /** Each change that a save has acknowledged is there, or it was told why not. */
    void checkAcknowledged() {
        for (Acknowledged each : acknowledged) {
            Tag tag = each.tag;
            ItemKey present = ledger.presentId(each.item);
            if (ledger.isGone(present) || run.mayHaveLost(tag.bean)) {
                continue;
            }
            String value = run.content(present).map(beans -> beans.get(tag.bean)).orElse("");
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
