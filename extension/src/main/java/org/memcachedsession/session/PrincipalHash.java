package org.memcachedsession.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Who is logged in, as a session remembers it: enough to tell one user from another, and not the name.
 *
 * @param text 43 characters of base64url
 */
public record PrincipalHash(String text) {

    private static final Pattern TEXT = Pattern.compile("[A-Za-z0-9_-]{43}");

    public PrincipalHash {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a hash of a principal is 43 characters of base64url");
        }
    }

    /** Of the name of a caller principal, which counts to the letter. */
    public static PrincipalHash of(String name) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update("principal ".getBytes(UTF_8));
            byte[] digest = sha256.digest(name.getBytes(UTF_8));
            return new PrincipalHash(
                    Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Not the hash: names can be guessed, and then it tells which it is. */
    @Override
    public String toString() {
        return "PrincipalHash";
    }
}
