package org.memcachedsession.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Stream;
import org.memcachedsession.Allocation;
import org.memcachedsession.session.ItemContent;
import org.memcachedsession.session.SessionRecord;
import org.memcachedsession.session.UnreadableException;

/** What has to be true of a content that was read from whatever bytes, for fuzz tests. */
final class ReadContent {

    /** The smallest entry has 8 bytes and becomes some objects. */
    private static final int ALLOCATED_PER_BYTE = 200;

    private static final int ALLOCATED_BESIDE = 100_000;

    private ReadContent() {}

    /**
     * Reads and looks at what came out.
     *
     * @return empty if the bytes were refused
     */
    static Optional<ItemContent> of(byte[] plain, SealedRecordCodec.Parser parser) {
        return of(plain, plain, parser);
    }

    /**
     * @param item what is given to the parser
     * @param plain what is in it
     */
    static Optional<ItemContent> of(byte[] item, byte[] plain, SealedRecordCodec.Parser parser) {
        Allocation.assertAtMost(
                ALLOCATED_BESIDE + (long) ALLOCATED_PER_BYTE * item.length,
                () -> read(item, parser));
        Optional<ItemContent> content = read(item, parser);
        content.ifPresent(read -> assertWrittenAsItWas(read, plain));
        return content;
    }

    private static Optional<ItemContent> read(byte[] item, SealedRecordCodec.Parser parser) {
        try {
            return Optional.of(parser.read(item));
        } catch (UnreadableException refused) {
            return Optional.empty();
        }
    }

    private static void assertWrittenAsItWas(ItemContent content, byte[] plain) {
        byte[] written = RecordFormat.write(content);
        // a character is read in a longer form too, which nobody writes, and NUL in a shorter one
        boolean hasLongerForms = written.length < plain.length || hasNul(content);
        if (!hasLongerForms) {
            assertThat(written).isEqualTo(plain);
        }
        assertThat(read(written, RecordFormat::read)).contains(content);
    }

    private static boolean hasNul(ItemContent content) {
        return content instanceof SessionRecord session
                && session.entries().entrySet().stream()
                        .flatMap(e -> Stream.of(e.getKey().text(), e.getValue().boundTo()))
                        .anyMatch(text -> text.indexOf('\0') >= 0);
    }
}
