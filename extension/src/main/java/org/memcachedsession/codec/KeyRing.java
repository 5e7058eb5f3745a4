package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/**
 * What the sealing keys are derived with, beside the id: one key seals, all open. What follows from the
 * secret alone is derived once, here. Immutable.
 */
final class KeyRing {

    /** Where nothing secret is at hand. */
    static final byte[] SALT = "memcached session 1".getBytes(UTF_8);

    private static final byte[] KEY_ID = "key id".getBytes(UTF_8);
    private static final byte[] SEAL_SALT = "seal salt".getBytes(UTF_8);

    private final List<Key> keys;

    private KeyRing(List<Key> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * @param secret keys of 32 bytes, the first seals; none: what is sealed depends on the id alone
     */
    static KeyRing of(List<byte[]> secret) {
        return new KeyRing(
                secret.isEmpty()
                        ? List.of(Key.FROM_ID_ALONE)
                        : secret.stream().map(Key::of).toList());
    }

    /** The key that seals is in place 0. */
    Key sealing() {
        return keys.get(0);
    }

    int size() {
        return keys.size();
    }

    Key key(int place) {
        return keys.get(place);
    }

    /** Whether there is a secret. Without one, no item that is sealed under a secret opens, and vice versa. */
    boolean isSecret() {
        return sealing().id() != Key.FROM_ID_ALONE.id();
    }

    /**
     * One key.
     *
     * @param id 0 if there is no secret, 1 to 255 if there is: the same on every node, wherever in the
     *     setting the key stands. Chance may give two keys one id
     * @param salt to extract sealing keys with
     */
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    record Key(byte id, byte[] salt) {

        static final Key FROM_ID_ALONE = new Key((byte) 0, SALT);

        static Key of(byte[] secret) {
            byte[] pseudorandomKey = Hkdf.extract(SALT, secret);
            byte first = Hkdf.expand(pseudorandomKey, KEY_ID)[0];
            return new Key(first == 0 ? 1 : first, Hkdf.expand(pseudorandomKey, SEAL_SALT));
        }

        /** Never the salt. */
        @Override
        public String toString() {
            return "key " + Byte.toUnsignedInt(id);
        }
    }
}
