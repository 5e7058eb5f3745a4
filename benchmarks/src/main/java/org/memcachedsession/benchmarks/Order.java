package org.memcachedsession.benchmarks;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A bean such as applications have: some values, and a list of objects with texts, times and numbers. */
final class Order implements Serializable {

    private static final long serialVersionUID = 1L;

    private final List<Line> lines = new ArrayList<>();
    private final Map<String, String> notes = new HashMap<>();
    private String customer = "Ada Lovelace";

    /** One article, ordered once. */
    record Line(String article, int quantity, BigDecimal price, Instant added)
            implements Serializable {}

    /** With so many lines. */
    static Order of(int lines) {
        Order order = new Order();
        for (int i = 0; i < lines; i++) {
            order.lines.add(
                    new Line(
                            "article number " + i * 7919,
                            i % 5 + 1,
                            BigDecimal.valueOf(1_995 + i, 2),
                            Instant.ofEpochMilli(1_700_000_000_000L + i * 60_000L)));
        }
        order.notes.put("delivery", "in the evening");
        return order;
    }

    /** So that a copy can be told from another. */
    int size() {
        return lines.size() + notes.size() + customer.length();
    }
}
