package org.memcachedsession.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The id of a session: 192 random bits, in the cookie 32 characters of base64url. Whoever knows it
 * has the session, so it is never printed: {@link #toString()} gives the fingerprint.
 */
public final class SessionId implements Comparable<SessionId> {

    /** Of every id. */
    public static final int BYTES = 24;

    private static final int CHARACTERS = 32;
    private static final byte[] FINGERPRINT = "fingerprint ".getBytes(StandardCharsets.US_ASCII);

    private final byte[] bytes;
    private final int hashCode;

    private SessionId(byte[] bytes) {
        this.bytes = bytes;
        this.hashCode = Arrays.hashCode(bytes);
    }

    /** A new id that nobody has. */
    public static SessionId random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new SessionId(bytes);
    }

    /** Empty for everything but 32 characters of base64url: junk costs no further work. */
    public static Optional<SessionId> parse(String text) {
        if (text.length() != CHARACTERS) {
            return Optional.empty();
        }
        for (int i = 0; i < CHARACTERS; i++) {
            if (!isBase64Url(text.charAt(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(new SessionId(Base64.getUrlDecoder().decode(text)));
    }

    private static boolean isBase64Url(char c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_';
    }

    /** What the browser keeps. For the cookie alone. */
    public String cookieValue() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What keys are derived from; a copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Twelve hexadecimal digits that may be logged: they lead neither to the id nor to the item. */
    public String fingerprint() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(FINGERPRINT);
            return HexFormat.of().formatHex(sha256.digest(bytes), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionId id && MessageDigest.isEqual(bytes, id.bytes);
    }

    /**
     * An arbitrary order, for hash tables: clients choose ids, and many of one hash code would make
     * each look-up slow otherwise.
     */
    @Override
    public int compareTo(SessionId other) {
        return Arrays.compare(bytes, other.bytes);
    }

    @Override
    public int hashCode() {
        return hashCode;
    }

    @Override
    public String toString() {
        return fingerprint();
    }
}
