package org.memcachedsession.history;

import static org.memcachedsession.history.AnomalyKind.FOREIGN;
import static org.memcachedsession.history.AnomalyKind.LOST;
import static org.memcachedsession.history.AnomalyKind.LOST_UPDATE;
import static org.memcachedsession.history.AnomalyKind.REVIVED;
import static org.memcachedsession.history.AnomalyKind.STALE;
import static org.memcachedsession.history.AnomalyKind.TORN;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Makes one thing wrong in a good history, where it has a place for it. */
enum Injection {
    A_VALUE_OF_ANOTHER_BROWSER(FOREIGN) {
        @Override
        Optional<Injected> into(Material good) {
            return good.anyRead(
                    (read, bean) ->
                            good.anyWrite(
                                            write ->
                                                    write.browser() != read.browser()
                                                            && write.writes().contains(bean)
                                                            && precedes(write, read))
                                    .map(write -> good.show(read, bean, tag(write))));
        }
    },
    A_SESSION_OF_ANOTHER_BROWSER(FOREIGN) {
        @Override
        Optional<Injected> into(Material good) {
            return good.anyRead(
                    (read, bean) ->
                            good.any(
                                            other ->
                                                    other.browser() != read.browser()
                                                            && isLoaded(other)
                                                            && good.neverEnds(session(other)))
                                    .map(other -> good.answer(read, other.answer().get())));
        }
    },
    ANOTHER_SESSION_OF_THE_BROWSER(FOREIGN) {
        @Override
        Optional<Injected> into(Material good) {
            return good.anyRead(
                    (read, bean) ->
                            good.any(
                                            other ->
                                                    other.browser() == read.browser()
                                                            && isLoaded(other)
                                                            && !session(other).equals(session(read))
                                                            && good.neverEnds(session(other)))
                                    .map(other -> good.answer(read, other.answer().get())));
        }
    },
    A_VALUE_THAT_NOBODY_WROTE(FOREIGN) {
        @Override
        Optional<Injected> into(Material good) {
            return good.anyRead(
                    (read, bean) -> Optional.of(good.show(read, bean, Optional.of("nobody"))));
        }
    },
    A_VALUE_OF_ANOTHER_BEAN(FOREIGN) {
        @Override
        Optional<Injected> into(Material good) {
            return good.anyRead(
                    (read, bean) ->
                            good.anyWrite(
                                            write ->
                                                    !write.writes().contains(bean)
                                                            && sameSession(write, read)
                                                            && precedes(write, read))
                                    .map(write -> good.show(read, bean, tag(write))));
        }
    },
    AN_OLDER_VALUE(STALE) {
        @Override
        Optional<Injected> into(Material good) {
            return good.anyRead(
                    (read, bean) ->
                            good.shownWrite(read, bean)
                                    .filter(write -> precedes(write, read))
                                    .filter(write -> good.replaces(write, bean))
                                    .filter(write -> good.isSeenAfter(read, write, bean))
                                    .filter(write -> good.aloneIn(read, bean))
                                    .map(write -> good.show(read, bean, base(write, bean))));
        }
    },
    AN_EMPTY_BEAN(STALE) {
        @Override
        Optional<Injected> into(Material good) {
            return good.anyRead(
                    (read, bean) ->
                            good.shownWrite(read, bean)
                                    .filter(write -> precedes(write, read))
                                    .filter(write -> good.isSeenAfter(read, write, bean))
                                    .filter(write -> good.aloneIn(read, bean))
                                    .map(write -> good.show(read, bean, Optional.empty())));
        }
    },
    TWO_HALVES(TORN) {
        @Override
        Optional<Injected> into(Material good) {
            return good.anyRead(
                    (read, bean) ->
                            good.shownWrite(read, bean)
                                    .filter(write -> base(write, bean).isPresent())
                                    .map(
                                            write ->
                                                    good.show(
                                                            read,
                                                            bean,
                                                            new Value(
                                                                    write.tag().get(),
                                                                    base(write, bean).get()))));
        }
    },
    ONE_OF_SEVERAL_BEANS(TORN) {
        @Override
        Optional<Injected> into(Material good) {
            return good.anyRead(
                    (read, bean) ->
                            good.shownWrite(read, bean)
                                    .filter(
                                            write ->
                                                    good.beansThatShow(read, write) > 1
                                                            && good.replaces(write, bean))
                                    .map(write -> good.show(read, bean, base(write, bean))));
        }
    },
    A_NEW_VALUE_BESIDE_AN_OLD_ONE(TORN) {
        @Override
        Optional<Injected> into(Material good) {
            return good.anyRead(
                    (read, bean) ->
                            good.shownWrite(read, bean)
                                    .filter(
                                            write ->
                                                    !precedes(write, read)
                                                            && write.answer().isPresent())
                                    .filter(write -> good.showsSuccessor(read, write))
                                    .filter(write -> good.replaces(write, bean))
                                    .filter(write -> good.isSeenAfter(read, write, bean))
                                    .filter(write -> good.aloneIn(read, bean))
                                    .map(write -> good.show(read, bean, base(write, bean))));
        }
    },
    A_SESSION_AFTER_ITS_END(REVIVED) {
        @Override
        Optional<Injected> into(Material good) {
            return good.any(
                            read ->
                                    read.kind() == OperationKind.READ_AFTER_END
                                            && read.answer().isPresent()
                                            && good.any(end -> ends(end, read)).isPresent())
                    .flatMap(
                            read ->
                                    good.any(
                                                    seen ->
                                                            isLoaded(seen)
                                                                    && session(seen)
                                                                            .equals(read.sent()))
                                            .map(seen -> good.answer(read, seen.answer().get())));
        }
    },
    A_SESSION_THAT_WAS_GONE(REVIVED) {
        @Override
        Optional<Injected> into(Material good) {
            // its end was not answered, but somebody has noticed
            return good.any(
                            read ->
                                    read.kind() == OperationKind.READ
                                            && read.answer().isPresent()
                                            && !isLoaded(read)
                                            && good.any(gone -> noticedItsEnd(gone, read))
                                                    .isPresent())
                    .flatMap(
                            read ->
                                    good.any(
                                                    seen ->
                                                            isLoaded(seen)
                                                                    && session(seen)
                                                                            .equals(read.sent()))
                                            .map(seen -> good.answer(read, seen.answer().get())));
        }
    },
    A_VALUE_OF_AN_ENDED_SESSION(REVIVED) {
        @Override
        Optional<Injected> into(Material good) {
            return good.anyRead(
                    (read, bean) ->
                            good.anyWrite(
                                            write ->
                                                    write.browser() == read.browser()
                                                            && write.writes().contains(bean)
                                                            && precedes(write, read)
                                                            && !sameSession(write, read)
                                                            && !good.neverEnds(session(write)))
                                    .map(write -> good.show(read, bean, tag(write))));
        }
    },
    A_SESSION_THAT_IS_NOT_FOUND(LOST) {
        @Override
        Optional<Injected> into(Material good) {
            return good.anyRead(
                    (read, bean) -> {
                        if (!good.neverEnds(session(read))) {
                            return Optional.empty();
                        }
                        return Optional.of(
                                good.answer(
                                        read,
                                        new Answer(
                                                read.answer().get().position(),
                                                Optional.empty(),
                                                Origin.UNKNOWN,
                                                new TreeMap<>())));
                    });
        }
    },
    A_FIRST_WRITE_THAT_NEVER_WAS(LOST) {
        @Override
        Optional<Injected> into(Material good) {
            return good.undoAnyWrite(bean -> bean.isEmpty());
        }
    },
    A_WRITE_UNDONE(LOST_UPDATE) {
        @Override
        Optional<Injected> into(Material good) {
            return good.undoAnyWrite(Optional::isPresent);
        }
    },
    A_WRITE_ON_AN_OLDER_VALUE(LOST_UPDATE) {
        @Override
        Optional<Injected> into(Material good) {
            return good.anyWriteOfOne(
                    (write, bean) ->
                            good.shownWrite(write, bean)
                                    .filter(older -> precedes(older, write))
                                    .filter(older -> good.replaces(older, bean))
                                    .filter(older -> good.isBaseOfOne(older, bean))
                                    .map(older -> good.show(write, bean, base(older, bean))));
        }
    };

    /**
     * A history with one fault.
     *
     * @param wrong the answer that shows it, as it is in the history now; empty if there are many
     */
    record Injected(History history, Optional<Operation> wrong) {}

    private final AnomalyKind kind;

    Injection(AnomalyKind kind) {
        this.kind = kind;
    }

    /** What it has to be called. */
    AnomalyKind kind() {
        return kind;
    }

    /** Empty if the history has no place for it. */
    abstract Optional<Injected> into(Material good);

    // ---- words for the above

    private static boolean precedes(Operation first, Operation second) {
        return first.answer().isPresent() && first.answer().get().position() < second.start();
    }

    private static Optional<String> session(Operation operation) {
        return operation.answer().flatMap(Answer::session);
    }

    private static boolean sameSession(Operation one, Operation other) {
        return session(one).isPresent() && session(one).equals(session(other));
    }

    private static boolean isLoaded(Operation operation) {
        return operation.answer().filter(a -> a.origin() == Origin.LOADED).isPresent();
    }

    private static boolean ends(Operation end, Operation read) {
        return end.answer().filter(a -> a.origin() == Origin.ENDED).isPresent()
                && session(end).equals(read.sent())
                && precedes(end, read);
    }

    private static boolean noticedItsEnd(Operation gone, Operation read) {
        return gone.sent().isPresent()
                && gone.sent().equals(read.sent())
                && gone.kind() != OperationKind.IDLE
                && session(gone).isEmpty()
                && precedes(gone, read);
    }

    private static Optional<String> tag(Operation write) {
        return write.tag();
    }

    private static Optional<String> base(Operation write, int bean) {
        return write.answer()
                .flatMap(answer -> answer.beans().getOrDefault(bean, Optional.empty()))
                .map(Value::tag);
    }

    /** A good history, looked through in an order that a seed gives. */
    static final class Material {

        private final List<Operation> shuffled;
        private final List<Operation> all;
        private final Map<String, Operation> writers = new HashMap<>();

        Material(History history, long seed) {
            all = history.operations();
            shuffled = new ArrayList<>(all);
            Collections.shuffle(shuffled, new Random(seed));
            all.forEach(operation -> operation.tag().ifPresent(tag -> writers.put(tag, operation)));
        }

        private interface Place {
            Optional<Injected> of(Operation read, int bean);
        }

        /** In any read of a session, and any bean that it has. */
        private Optional<Injected> anyRead(Place place) {
            return anyPlace(read -> read.writes().isEmpty(), place);
        }

        /** In any write of one bean that was there. */
        private Optional<Injected> anyWriteOfOne(Place place) {
            return anyPlace(write -> write.writes().size() == 1, place);
        }

        private Optional<Injected> anyPlace(Predicate<Operation> wanted, Place place) {
            return shuffled.stream()
                    .filter(request -> isLoaded(request) && wanted.test(request))
                    .flatMap(
                            request ->
                                    request.answer().get().beans().keySet().stream()
                                            .filter(bean -> shownWrite(request, bean).isPresent())
                                            .map(bean -> place.of(request, bean)))
                    .flatMap(Optional::stream)
                    .findFirst();
        }

        private Optional<Operation> any(Predicate<Operation> wanted) {
            return shuffled.stream().filter(wanted).findFirst();
        }

        private Optional<Operation> anyWrite(Predicate<Operation> wanted) {
            return any(
                    write ->
                            write.tag().isPresent()
                                    && write.answer().isPresent()
                                    && wanted.test(write));
        }

        private boolean neverEnds(Optional<String> session) {
            return all.stream()
                    .filter(end -> end.kind() == OperationKind.INVALIDATE)
                    .noneMatch(end -> end.sent().equals(session) || session(end).equals(session));
        }

        private Optional<Operation> shownWrite(Operation operation, int bean) {
            return operation
                    .answer()
                    .flatMap(answer -> answer.beans().getOrDefault(bean, Optional.empty()))
                    .map(value -> writers.get(value.tag()));
        }

        /** A single write over a value of before it. */
        private boolean replaces(Operation write, int bean) {
            return base(write, bean)
                    .map(writers::get)
                    .filter(base -> precedes(base, write))
                    .isPresent();
        }

        private boolean isSeenAfter(Operation request, Operation write, int bean) {
            return all.stream()
                    .filter(later -> precedes(request, later))
                    .anyMatch(later -> shownWrite(later, bean).equals(Optional.of(write)));
        }

        private boolean isBaseOfOne(Operation write, int bean) {
            return all.stream()
                            .filter(other -> other.writes().contains(bean))
                            .filter(other -> shownWrite(other, bean).equals(Optional.of(write)))
                            .count()
                    == 1;
        }

        /** Nothing else that is shown was written together with this bean. */
        private boolean aloneIn(Operation read, int bean) {
            return read.answer().get().beans().keySet().stream()
                    .filter(other -> other != bean)
                    .flatMap(other -> shownWrite(read, other).stream())
                    .noneMatch(write -> write.writes().contains(bean));
        }

        private long beansThatShow(Operation read, Operation write) {
            return read.answer().get().beans().keySet().stream()
                    .filter(bean -> shownWrite(read, bean).equals(Optional.of(write)))
                    .count();
        }

        private boolean showsSuccessor(Operation read, Operation write) {
            return read.answer().get().beans().keySet().stream()
                    .flatMap(bean -> shownWrite(read, bean).stream())
                    .anyMatch(newer -> precedes(write, newer));
        }

        private Injected show(Operation request, int bean, Optional<String> tag) {
            return replace(request, withValue(request, bean, tag.map(Value::of)));
        }

        private Injected show(Operation request, int bean, Value value) {
            return replace(request, withValue(request, bean, Optional.of(value)));
        }

        private static Operation withValue(Operation request, int bean, Optional<Value> value) {
            Answer answer = request.answer().get();
            SortedMap<Integer, Optional<Value>> beans = new TreeMap<>(answer.beans());
            beans.put(bean, value);
            return request.withAnswer(
                    new Answer(answer.position(), answer.session(), answer.origin(), beans));
        }

        /** What another one was answered. */
        private Injected answer(Operation request, Answer other) {
            return replace(
                    request,
                    request.withAnswer(
                            new Answer(
                                    request.answer().get().position(),
                                    other.session(),
                                    other.origin(),
                                    other.beans())));
        }

        private Injected replace(Operation request, Operation wrong) {
            List<Operation> operations = new ArrayList<>(all);
            operations.set(all.indexOf(request), wrong);
            return new Injected(History.of(operations), Optional.of(wrong));
        }

        /** As if it had stored nothing, in every answer. */
        private Optional<Injected> undoAnyWrite(Predicate<Optional<String>> wantedBase) {
            return anyWrite(
                            write ->
                                    write.writes().size() == 1
                                            && isLoaded(write)
                                            && wantedBase.test(base(write, write.writes().first()))
                                            && isUndoable(write, write.writes().first()))
                    .map(write -> undo(write, write.writes().first()));
        }

        private boolean isUndoable(Operation write, int bean) {
            boolean nobodyBeside =
                    all.stream()
                            .filter(other -> other != write && other.writes().contains(bean))
                            .filter(other -> sessionOf(other).equals(session(write)))
                            .allMatch(other -> precedes(other, write) || precedes(write, other));
            boolean seen =
                    all.stream()
                            .filter(later -> precedes(write, later))
                            .anyMatch(later -> shownWrite(later, bean).equals(Optional.of(write)));
            return nobodyBeside && seen;
        }

        private static Optional<String> sessionOf(Operation operation) {
            return operation.answer().isPresent() ? session(operation) : operation.sent();
        }

        private Injected undo(Operation write, int bean) {
            Optional<Value> before = base(write, bean).map(Value::of);
            List<Operation> operations =
                    all.stream()
                            .map(
                                    seen ->
                                            shownWrite(seen, bean).equals(Optional.of(write))
                                                    ? withValue(seen, bean, before)
                                                    : seen)
                            .toList();
            return new Injected(History.of(operations), Optional.empty());
        }
    }
}
