package org.memcachedsession.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.memcachedsession.session.ItemContent;
import org.memcachedsession.session.PrincipalHash;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.UnreadableException;

class SealedRecordPropertyTest {

    private static final SecureRandom CHANCE = new SecureRandom();

    @Provide
    Arbitrary<ItemContent> contents() {
        return Contents.all();
    }

    @Provide
    Arbitrary<SessionId> ids() {
        return Contents.ids();
    }

    @Provide
    Arbitrary<PrincipalHash> principals() {
        return Contents.principals();
    }

    /** Of no key to three. */
    @Provide
    Arbitrary<List<byte[]>> secrets() {
        return Arbitraries.bytes().array(byte[].class).ofSize(32).list().ofMaxSize(3);
    }

    private static SealedRecordCodec codec(String application, List<byte[]> secret) {
        return new SealedRecordCodec(
                application,
                secret,
                CHANCE,
                new Compression(OptionalInt.of(0), TestCodec.SIZE_LIMIT)); // all that gains by it
    }

    @Property
    void whatIsOpenedIsWhatWasSealed(
            @ForAll @StringLength(max = 50) @AlphaChars @Chars({'/', ' ', 'ß', '語'})
                    String application,
            @ForAll("secrets") List<byte[]> secret,
            @ForAll("ids") SessionId id,
            @ForAll("contents") ItemContent content)
            throws UnreadableException {
        byte[] item = codec(application, secret).seal(id, content);
        List<byte[]> otherOrder = new ArrayList<>(secret);
        Collections.reverse(otherOrder);

        assertThat(codec(application, otherOrder).open(id, item)).isEqualTo(content);
    }

    @Property
    void everyNumberOfAnEpochIsReadAsItWasSealed(
            @ForAll("secrets") List<byte[]> secret,
            @ForAll("principals") PrincipalHash principal,
            @ForAll long number)
            throws UnreadableException {
        SealedRecordCodec codec = codec("/shop", secret);

        assertThat(codec.openEpoch(principal, codec.sealEpoch(principal, number)))
                .isEqualTo(number);
    }

    @Property
    void twoApplicationsNeverMeetWhateverTheyAreCalled(
            @ForAll @StringLength(max = 10) @Chars({'a', 'e', 'l', ' '}) String one,
            @ForAll @StringLength(max = 10) @Chars({'a', 'e', 'l', ' '}) String other,
            @ForAll("secrets") List<byte[]> secret,
            @ForAll("ids") SessionId id,
            @ForAll("contents") ItemContent content) {
        Assume.that(!one.equals(other));
        SealedRecordCodec there = codec(other, secret);
        byte[] item = codec(one, secret).seal(id, content);

        assertThat(there.itemKey(id)).isNotEqualTo(codec(one, secret).itemKey(id));
        assertThatThrownBy(() -> there.open(id, item)).isInstanceOf(UnreadableException.class);
    }

    @Property
    void anItemOpensUnderNoOtherIdThoughTheTwoAreAlike(
            @ForAll("secrets") List<byte[]> secret,
            @ForAll("ids") SessionId id,
            @ForAll("contents") ItemContent content,
            @ForAll @IntRange(max = 31) int place) {
        SealedRecordCodec codec = codec("/shop", secret);
        StringBuilder text = new StringBuilder(id.cookieValue());
        text.setCharAt(place, text.charAt(place) == 'A' ? 'B' : 'A');
        SessionId other = SessionId.parse(text.toString()).orElseThrow();
        byte[] item = codec.seal(id, content);

        assertThatThrownBy(() -> codec.open(other, item)).isInstanceOf(UnreadableException.class);
    }
}
