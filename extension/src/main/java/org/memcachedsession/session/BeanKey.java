package org.memcachedsession.session;

/**
 * Which bean an entry belongs to: the same text on every node, server and restart, unlike the ids of
 * containers.
 *
 * @param text readable, such as {@code class org.example.Cart}
 */
public record BeanKey(String text) implements Comparable<BeanKey> {

    // that of a record is looked up at each call

    @Override
    public boolean equals(Object other) {
        return other instanceof BeanKey key && text.equals(key.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public int compareTo(BeanKey other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
