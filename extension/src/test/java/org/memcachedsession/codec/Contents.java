package org.memcachedsession.codec;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.arbitraries.StringArbitrary;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.Entry;
import org.memcachedsession.session.ItemContent;
import org.memcachedsession.session.PrincipalHash;
import org.memcachedsession.session.SessionHeader;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SessionRecord;
import org.memcachedsession.session.Tombstone;
import org.memcachedsession.session.Tombstone.Cause;

/** Whatever can be in an item, and more than the rules ever put there. */
final class Contents {

    private Contents() {}

    static Arbitrary<ItemContent> all() {
        return Arbitraries.oneOf(
                records().map(ItemContent.class::cast), tombstones().map(ItemContent.class::cast));
    }

    static Arbitrary<SessionRecord> records() {
        Arbitrary<TreeMap<BeanKey, Entry>> entries =
                Arbitraries.maps(texts().map(BeanKey::new), entries())
                        .ofMaxSize(8)
                        .map(TreeMap::new);
        return Combinators.combine(headers(), numbers(), entries).as(SessionRecord::new);
    }

    static Arbitrary<Tombstone> tombstones() {
        return Combinators.combine(
                        Arbitraries.of(Cause.class), instants(), Arbitraries.longs(), ids())
                .as(
                        (cause, since, number, id) ->
                                new Tombstone(
                                        cause,
                                        since,
                                        number,
                                        Optional.of(id).filter(any -> cause == Cause.RENEWAL)));
    }

    static Arbitrary<SessionId> ids() {
        return Arbitraries.strings()
                .withChars("-_")
                .withCharRange('0', '9')
                .withCharRange('A', 'Z')
                .withCharRange('a', 'z')
                .ofLength(32)
                .map(text -> SessionId.parse(text).orElseThrow());
    }

    static Arbitrary<PrincipalHash> principals() {
        return texts().map(PrincipalHash::of);
    }

    private static Arbitrary<SessionHeader> headers() {
        Arbitrary<Optional<Instant>> logins =
                Arbitraries.longs()
                        .filter(time -> time != Long.MIN_VALUE) // stands for none
                        .map(Instant::ofEpochMilli)
                        .optional();
        return Combinators.combine(
                        instants(),
                        logins,
                        instants(),
                        instants(),
                        durations(),
                        durations(),
                        principals().optional(),
                        numbers())
                .as(SessionHeader::new);
    }

    private static Arbitrary<Instant> instants() {
        return Arbitraries.longs().map(Instant::ofEpochMilli);
    }

    private static Arbitrary<Duration> durations() {
        return Arbitraries.integers().map(Duration::ofSeconds);
    }

    private static Arbitrary<List<Long>> numbers() {
        return Arbitraries.longs().list().ofMaxSize(RecordFormat.MOST_NUMBERS);
    }

    private static Arbitrary<Entry> entries() {
        Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(100);
        return Combinators.combine(texts(), bytes).as(Entry::new);
    }

    /** With NUL, and with surrogates that stand alone. */
    private static StringArbitrary texts() {
        return Arbitraries.strings().all().ofMaxLength(20);
    }
}
