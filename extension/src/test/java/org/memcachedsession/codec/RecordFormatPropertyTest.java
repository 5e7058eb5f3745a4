package org.memcachedsession.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.memcachedsession.session.ItemContent;
import org.memcachedsession.session.SessionHeader;
import org.memcachedsession.session.SessionRecord;
import org.memcachedsession.session.Tombstone;
import org.memcachedsession.session.UnreadableException;

class RecordFormatPropertyTest {

    @Provide
    Arbitrary<ItemContent> contents() {
        return Contents.all();
    }

    @Property
    void whatIsReadIsWhatWasWritten(@ForAll("contents") ItemContent content)
            throws UnreadableException {
        assertThat(RecordFormat.read(RecordFormat.write(content))).isEqualTo(content);
    }

    /** Times of clocks, and of settings, are finer than those that are stored. */
    @Property
    void asItIsReadIsKnownWithoutReadingIt(
            @ForAll("contents") ItemContent content, @ForAll @IntRange(max = 999_999) int nanos)
            throws UnreadableException {
        ItemContent finer = finer(content, nanos);
        assertThat(RecordFormat.asRead(finer))
                .isEqualTo(RecordFormat.read(RecordFormat.write(finer)));
    }

    private static ItemContent finer(ItemContent content, int nanos) {
        if (!(content instanceof SessionRecord session)) {
            Tombstone tombstone = (Tombstone) content;
            return new Tombstone(
                    tombstone.cause(),
                    tombstone.since().plusNanos(nanos),
                    tombstone.number(),
                    tombstone.successor());
        }
        SessionHeader header = session.header();
        return new SessionRecord(
                new SessionHeader(
                        header.createdAt().plusNanos(nanos),
                        header.authenticatedAt().map(time -> time.plusNanos(nanos)),
                        header.idSince().plusNanos(nanos),
                        header.lastAccessedAt().plusNanos(nanos),
                        header.idleTimeout().plusNanos(nanos),
                        header.absoluteTimeout().plusNanos(nanos),
                        header.principal(),
                        header.epochs()),
                session.recentSaves(),
                session.entries());
    }

    @Property
    void equalContentsHaveEqualBytes(@ForAll("contents") ItemContent content)
            throws UnreadableException {
        byte[] bytes = RecordFormat.write(content);
        assertThat(RecordFormat.write(RecordFormat.read(bytes))).isEqualTo(bytes);
    }

    @Property(tries = 100)
    void whatIsCutAnywhereOrLongerIsRefused(@ForAll("contents") ItemContent content) {
        byte[] bytes = RecordFormat.write(content);
        for (int length = 0; length <= bytes.length + 1; length++) {
            if (length != bytes.length) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> RecordFormat.read(cut))
                        .isInstanceOf(UnreadableException.class);
            }
        }
    }

    @Property(tries = 100)
    void noByteThatIsAnotherOneIsOverlooked(
            @ForAll("contents") ItemContent content, @ForAll byte difference) {
        byte[] bytes = RecordFormat.write(content);
        for (int i = 0; i < bytes.length && difference != 0; i++) {
            byte[] changed = bytes.clone();
            changed[i] += difference;
            assertThat(read(changed)).isNotEqualTo(Optional.of(content));
        }
    }

    private static Optional<ItemContent> read(byte[] bytes) {
        try {
            return Optional.of(RecordFormat.read(bytes));
        } catch (UnreadableException e) {
            return Optional.empty();
        }
    }
}
