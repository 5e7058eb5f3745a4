package org.memcachedsession.example;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A cart at today's prices, as clients see it. */
public record CartView(List<Line> lines, int count, long totalCents) {

    public record Line(String product, String name, int quantity, long cents, long totalCents) {}

    /** What is no longer on the shelf is left out. */
    static CartView of(Map<String, Integer> quantities, Shelf shelf) {
        List<Line> lines = new ArrayList<>();
        quantities.forEach(
                (id, quantity) ->
                        shelf.find(id).ifPresent(product -> lines.add(line(product, quantity))));
        return new CartView(
                List.copyOf(lines),
                lines.stream().mapToInt(Line::quantity).sum(),
                lines.stream().mapToLong(Line::totalCents).sum());
    }

    private static Line line(Product product, int quantity) {
        return new Line(
                product.id(),
                product.name(),
                quantity,
                product.cents(),
                product.cents() * quantity);
    }
}
