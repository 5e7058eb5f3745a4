package org.memcachedsession.config;

import java.util.List;

/** The keys that seal sessions, or that there are none on purpose. Immutable, and never printed. */
public final class Secret {

    /** Of every key, in bytes. */
    public static final int KEY_BYTES = 32;

    /** No keys on purpose. */
    public static final Secret NONE = new Secret(List.of());

    static final String STARS = "***";

    private final List<byte[]> keys;

    private Secret(List<byte[]> keys) {
        this.keys = keys.stream().map(byte[]::clone).toList();
    }

    /** Keys given in code or read from a text; checked when the settings are settled. */
    public static Secret of(List<byte[]> keys) {
        return new Secret(keys);
    }

    /** Copies; the first seals. None if that was said. */
    public List<byte[]> keys() {
        return keys.stream().map(byte[]::clone).toList();
    }

    /** Whether there is a secret, and nothing of it. */
    @Override
    public String toString() {
        return this == NONE ? SecretValue.NONE : STARS;
    }
}
