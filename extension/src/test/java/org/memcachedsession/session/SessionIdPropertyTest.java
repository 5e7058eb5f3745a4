package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class SessionIdPropertyTest {

    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9_-]{32}");

    @Property
    void anyBytesComeBackFromTheCookie(@ForAll @Size(24) byte[] bytes) {
        String text = Base64.getUrlEncoder().encodeToString(bytes);
        SessionId id = SessionId.parse(text).orElseThrow();

        assertThat(id.bytes()).isEqualTo(bytes);
        assertThat(id.cookieValue()).isEqualTo(text);
        assertThat(SessionId.parse(id.cookieValue())).contains(id);
    }

    /** Texts of the right length, some with a character that does not belong there. */
    @Provide
    Arbitrary<String> almostIds() {
        return Arbitraries.strings()
                .withCharRange('0', '9')
                .withCharRange('A', 'Z')
                .withCharRange('a', 'z')
                .withChars("-_+/= \u00e9\u0660")
                .ofMinLength(31)
                .ofMaxLength(33);
    }

    @Property
    void aTextIsAnIdOrNoneAndNeverAnotherOne(@ForAll("almostIds") String text) {
        assertThat(SessionId.parse(text).map(SessionId::cookieValue))
                .isEqualTo(Optional.of(text).filter(WELL_FORMED.asMatchPredicate()));
    }

    @Property
    void twoIdsAreEqualExactlyWhereTheirTextsAre(
            @ForAll @Size(24) byte[] one, @ForAll @Size(24) byte[] other) {
        String a = Base64.getUrlEncoder().encodeToString(one);
        String b = Base64.getUrlEncoder().encodeToString(other);
        SessionId left = SessionId.parse(a).orElseThrow();
        SessionId right = SessionId.parse(b).orElseThrow();

        assertThat(left.equals(right)).isEqualTo(a.equals(b));
        assertThat(left.compareTo(right) == 0).isEqualTo(a.equals(b));
        assertThat(Integer.signum(left.compareTo(right)))
                .isEqualTo(-Integer.signum(right.compareTo(left)));
    }
}
