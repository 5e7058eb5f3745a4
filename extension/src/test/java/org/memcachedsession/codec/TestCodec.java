package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.memcachedsession.session.SessionId;

/** Codecs as a node has them by default, and the seal of somebody who can do what a node can. */
public final class TestCodec {

    static final int SIZE_LIMIT = 900 * 1024;

    private static final SecureRandom RANDOM = new SecureRandom();

    private TestCodec() {}

    public static SealedRecordCodec of(String application, byte[]... secret) {
        return new SealedRecordCodec(
                application,
                List.of(secret),
                RANDOM,
                new Compression(OptionalInt.of(2048), SIZE_LIMIT));
    }

    /** An item that is sealed as it should be, whatever its content. */
    public static byte[] seal(SessionId id, byte[] content, String application, byte[]... secret) {
        KeyRing.Key key = KeyRing.of(List.of(secret)).sealing();
        byte[] sealingKey =
                Hkdf.expand(
                        Hkdf.extract(key.salt(), id.bytes()),
                        ("seal " + application).getBytes(UTF_8));
        byte[] nonce = new byte[12];
        RANDOM.nextBytes(nonce);
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(sealingKey, "AES"),
                    new GCMParameterSpec(128, nonce));
            cipher.updateAAD(new byte[] {1, key.id()});
            cipher.updateAAD(
                    Base64.getUrlDecoder().decode(of(application, secret).itemKey(id).text()));
            cipher.updateAAD(application.getBytes(UTF_8));
            byte[] sealed = cipher.doFinal(content);
            return ByteBuffer.allocate(14 + sealed.length)
                    .put((byte) 1)
                    .put(key.id())
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
