package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.OptionalInt;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.memcachedsession.Allocation;
import org.memcachedsession.session.PrincipalHash;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.UnreadableException;

/** Bytes that memcached gives back, sealed by nobody, and by somebody who knows the key. */
class SealedItemFuzzTest {

    private static final SessionId ID =
            SessionId.parse("abcdefghijklmnopqrstuvwxyz012345").orElseThrow();
    private static final PrincipalHash GRACE = PrincipalHash.of("Grace");
    private static final byte COMPRESSED = 4;
    private static final byte[] NONCE = new byte[12];

    private int parsed;

    private final SealedRecordCodec codec =
            new SealedRecordCodec(
                    "/shop",
                    List.of(),
                    new SecureRandom(),
                    new Compression(OptionalInt.of(2048), TestCodec.SIZE_LIMIT),
                    bytes -> {
                        parsed++;
                        return RecordFormat.read(bytes);
                    });

    @FuzzTest(maxDuration = "2m")
    void anyBytesAreRefusedAndNothingOfThemIsParsed(byte[] item) {
        Allocation.assertAtMost(500_000 + 20L * item.length, () -> refuse(item));
    }

    private void openOrRefuse(byte[] item) {
        try {
            assertThat(codec.open(ID, item)).isNotNull();
        } catch (UnreadableException refused) {
            assertThat(refused).hasMessageNotContaining("null");
        }
    }

    private void refuse(byte[] item) {
        assertThatThrownBy(() -> codec.open(ID, item)).isInstanceOf(UnreadableException.class);
        assertThatThrownBy(() -> codec.openEpoch(GRACE, item))
                .isInstanceOf(UnreadableException.class);
        assertThat(parsed).isZero();
    }

    @FuzzTest(maxDuration = "2m")
    void whateverIsSealedWellIsRefusedOrReadAsItIsWritten(byte[] plain)
            throws GeneralSecurityException {
        byte[] owner = ID.bytes();
        byte[] item = sealed("item key /shop", "seal /shop", owner, plain);

        if (plain.length > 0 && plain[0] == COMPRESSED) {
            openOrRefuse(item);
            return;
        }
        assertThat(ReadContent.of(item, plain, bytes -> codec.open(ID, bytes)))
                .isEqualTo(ReadContent.of(plain, RecordFormat::read));
        assertThat(parsed).isPositive();
    }

    @FuzzTest(maxDuration = "2m")
    void whateverIsSealedAsAnEpochIsOneExactlyIfItHasEightBytes(byte[] plain)
            throws GeneralSecurityException, UnreadableException {
        byte[] owner = GRACE.text().getBytes(UTF_8);
        byte[] item = sealed("epoch item key /shop", "epoch seal /shop", owner, plain);

        if (plain.length == Long.BYTES) {
            assertThat(codec.openEpoch(GRACE, item)).isEqualTo(ByteBuffer.wrap(plain).getLong());
        } else {
            assertThatThrownBy(() -> codec.openEpoch(GRACE, item))
                    .isInstanceOf(UnreadableException.class);
        }
    }

    /** After docs/format.md, for bytes that the library does not write. */
    private static byte[] sealed(String itemKeyInfo, String sealInfo, byte[] owner, byte[] plain)
            throws GeneralSecurityException {
        byte[] fromOwner = Hkdf.extract(KeyRing.SALT, owner);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                new SecretKeySpec(Hkdf.expand(fromOwner, sealInfo.getBytes(UTF_8)), "AES"),
                new GCMParameterSpec(128, NONCE));
        byte[] head = {1, 0};
        cipher.updateAAD(head);
        cipher.updateAAD(Hkdf.expand(fromOwner, itemKeyInfo.getBytes(UTF_8)));
        cipher.updateAAD("/shop".getBytes(UTF_8));
        byte[] body = cipher.doFinal(plain);
        return ByteBuffer.allocate(2 + NONCE.length + body.length)
                .put(head)
                .put(NONCE)
                .put(body)
                .array();
    }
}
