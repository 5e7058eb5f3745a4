package org.memcachedsession;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a bean of the scope may hold: some items, of which 43 are 4 KB by JDK serialization. It counts how often
 * it is written and read, by its name; many threads count at once.
 */
public class CountedItems implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final Map<String, Integer> WRITTEN = new ConcurrentHashMap<>();
    private static final Map<String, Integer> READ = new ConcurrentHashMap<>();

    private final List<Item> items = new ArrayList<>();
    private String name = "empty";
    private int changes;

    record Item(String name, int amount, BigDecimal price, Instant since) implements Serializable {}

    /** How often which bean has been written, since the JVM began. */
    public static Map<String, Integer> written() {
        return Map.copyOf(WRITTEN);
    }

    /** How often which bean has been read, since the JVM began. */
    public static Map<String, Integer> read() {
        return Map.copyOf(READ);
    }

    /** Counts another bean that was written. */
    public static void countWritten(String name) {
        WRITTEN.merge(name, 1, Integer::sum);
    }

    /** Counts another bean that was read. */
    public static void countRead(String name) {
        READ.merge(name, 1, Integer::sum);
    }

    /**
     * @param name what it is counted as from now on
     */
    public void fill(String name, int count) {
        this.name = name;
        for (int i = 0; i < count; i++) {
            items.add(
                    new Item(
                            "article number " + i,
                            i,
                            BigDecimal.valueOf(1_995 + i, 2),
                            Instant.ofEpochMilli(1_700_000_000_000L + i)));
        }
    }

    public int size() {
        return items.size();
    }

    /** A change in place, that makes it no larger. */
    public void change() {
        changes++;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
        countWritten(name);
        out.defaultWriteObject();
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        countRead(name);
    }
}
