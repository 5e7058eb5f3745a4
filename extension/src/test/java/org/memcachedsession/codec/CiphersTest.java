package org.memcachedsession.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import org.junit.jupiter.api.Test;

class CiphersTest {

    private final Ciphers ciphers = new Ciphers();

    @Test
    void whoeverComesAgainGetsTheOneThatKnowsTheKey() throws GeneralSecurityException {
        Cipher ofOne = used("one");
        Cipher ofTwo = used("two");

        assertThat(ciphers.take("one")).isSameAs(ofOne);
        assertThat(ciphers.take("two")).isSameAs(ofTwo);
    }

    @Test
    void whatIsTakenNobodyElseGets() throws GeneralSecurityException {
        used("one");

        Cipher taken = ciphers.take("one");

        assertThat(ciphers.take("one")).isNotSameAs(taken);
    }

    /** Their hash codes are the same. */
    @Test
    void ofOnePlaceTheLastIsKept() throws GeneralSecurityException {
        assertThat("Aa").hasSameHashCodeAs("BB");
        Cipher first = ciphers.take("Aa");
        Cipher last = ciphers.take("BB");
        ciphers.giveBack("Aa", first);
        ciphers.giveBack("BB", last);

        assertThat(ciphers.take("Aa")).isSameAs(last);
        assertThat(ciphers.take("BB")).isNotIn(first, last);
    }

    private Cipher used(String user) throws GeneralSecurityException {
        Cipher cipher = ciphers.take(user);
        ciphers.giveBack(user, cipher);
        return cipher;
    }
}
