package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memcachedsession.LoggedMessages;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.codec.TestCodec;

/** Somebody has written to memcached what no node has sealed: the user gets a new session, and nothing else happens. */
class ForgedItemTest extends RulesFixture {

    private final LoggedMessages logged = LoggedMessages.record();

    @BeforeEach
    void forget() {
        logged.forget();
    }

    @AfterEach
    void stopRecording() {
        logged.close();
    }

    private void put(SessionId id, byte[] item) {
        store.overwrite(codec.itemKey(id), item, IDLE);
    }

    private void assertGivesANewSessionAndIsToldOnce(SessionId id, String reason) {
        beans.log.clear();
        logged.forget();
        UnitOfWork unit = sessions.begin(List.of(id));
        assertThat(value(unit, CART)).isNull();
        assertThat(unit.origin()).isEqualTo(SessionOrigin.UNREADABLE);
        text(unit, CART).value = "new";
        unit.save();
        SessionId next = given(unit);
        unit.close();

        assertThat(next).isNotEqualTo(id);
        assertThat(stored(next, CART)).isEqualTo("new");
        assertThat(beans.log.stream().filter(event -> event.startsWith("refused")))
                .containsExactly("refused UNREADABLE");
        assertThat(logged.warnings())
                .singleElement()
                .asString()
                .startsWith("Session " + id.fingerprint() + " cannot be read and is not used: ")
                .contains(reason)
                .doesNotContain(id.cookieValue());
    }

    @Test
    void anItemThatIsGarbledAnywhereGivesANewSession() {
        SessionId id = sessionWith("book");
        byte[] item = store.load(codec.itemKey(id)).orElseThrow().value();
        List<String> reasons = new ArrayList<>();
        for (int i = 0; i < item.length; i++) {
            byte[] garbled = item.clone();
            garbled[i] ^= 1;
            put(id, garbled);
            String reason = i == 0 ? "format version 0" : i == 1 ? "key" : "its seal is broken";
            assertGivesANewSessionAndIsToldOnce(id, reason);
            reasons.add(reason);
        }
        assertThat(reasons).hasSizeGreaterThan(100);
        put(id, new byte[0]);
        assertGivesANewSessionAndIsToldOnce(id, "too short");

        put(id, item);
        assertThat(stored(id, CART)).as("as it was").isEqualTo("book");
    }

    /** By somebody who has the keys, or by a node that is out of its mind. */
    @Test
    void aBombGivesANewSession() {
        SessionId id = sessionWith("book");
        byte[] zeros = new byte[50_000_000];
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(zeros);
        deflater.finish();
        byte[] stream = new byte[100_000];
        int length = deflater.deflate(stream);
        assertThat(deflater.finished()).isTrue();
        deflater.end();

        for (int claimed : new int[] {zeros.length, 1, 100, Integer.MAX_VALUE}) {
            byte[] content =
                    ByteBuffer.allocate(6 + length)
                            .put((byte) 4)
                            .put((byte) 1)
                            .putInt(claimed)
                            .put(stream, 0, length)
                            .array();
            put(id, TestCodec.seal(id, content, "test"));
            assertGivesANewSessionAndIsToldOnce(id, claimed + " bytes");
        }
    }

    @Test
    void theItemOfSomebodyElseGivesANewSession() {
        SessionId mine = sessionWith("book");
        SessionId theirs = sessionWith("pen");
        Optional<StoredItem> item = store.load(codec.itemKey(theirs));
        put(mine, item.orElseThrow().value());
        assertGivesANewSessionAndIsToldOnce(mine, "its seal is broken");
    }

    @Test
    void aSessionThatIsSealedUnderASecretIsNoneForANodeWithoutIt() throws UnreadableException {
        SessionId id = sessionWith("book");
        ItemContent content = codec.open(id, store.load(codec.itemKey(id)).orElseThrow().value());
        RecordCodec withSecret = TestCodec.of("test", new byte[32]);
        put(id, withSecret.seal(id, content));
        assertGivesANewSessionAndIsToldOnce(id, "it was sealed under a secret");
    }
}
