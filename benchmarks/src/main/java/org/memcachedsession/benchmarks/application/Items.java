package org.memcachedsession.benchmarks.application;

import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What every session holds, whoever keeps it: a list, of which a write changes one number in place. */
public final class Items implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final long FIRST_TIME = 1_700_000_000_000L;
    private static final long BETWEEN_TIMES = 61_001;
    private static final long PRIME = 7919;

    private final String owner;
    private final ArrayList<Item> list;

    /**
     * @param owner whose list it is
     * @param list with one item or more
     */
    public Items(String owner, List<Item> list) {
        this.owner = owner;
        this.list = new ArrayList<>(list);
    }

    /** So many, the same ones each time. */
    public static Items of(int count) {
        List<Item> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            list.add(
                    new Item(
                            "article %05d of the catalogue, issue %08d".formatted(i, i * PRIME),
                            0,
                            Instant.ofEpochMilli(FIRST_TIME + i * BETWEEN_TIMES)));
        }
        return new Items(
                "the owner of this session, whose list has %d items, each with a text, a number and a time: no more"
                        .formatted(count),
                list);
    }

    public String owner() {
        return owner;
    }

    public List<Item> list() {
        return list;
    }

    /** A write: one more in the first item. */
    public void change() {
        Item first = list.get(0);
        first.setNumber(first.number() + 1);
    }

    /** What a session that has been changed so often holds: how many items, and the number in the first. */
    public String answer() {
        return list.size() + " " + list.get(0).number();
    }
}
