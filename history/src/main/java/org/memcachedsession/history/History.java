package org.memcachedsession.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What all browsers did and saw. No two starts or answers have the same position. */
public final class History {

    private final List<Operation> operations;
    private final int length;

    private History(List<Operation> operations, int length) {
        this.operations = operations;
        this.length = length;
    }

    /**
     * @param operations in any order
     * @throws IllegalArgumentException two have a position or a tag in common
     */
    public static History of(Collection<Operation> operations) {
        int length = 0;
        for (Operation operation : operations) {
            length = Math.max(length, lastPosition(operation) + 1);
        }
        Operation[] positions = new Operation[length];
        Set<String> tags = new HashSet<>();
        for (Operation operation : operations) {
            take(positions, operation.start(), operation);
            operation.answer().ifPresent(answer -> take(positions, answer.position(), operation));
            if (operation.tag().isPresent() && !tags.add(operation.tag().get())) {
                throw new IllegalArgumentException(
                        "two requests write the tag " + operation.tag().get());
            }
        }
        List<Operation> byStart = new ArrayList<>(operations.size());
        for (int position = 0; position < length; position++) {
            if (positions[position] != null && positions[position].start() == position) {
                byStart.add(positions[position]);
            }
        }
        return new History(List.copyOf(byStart), length);
    }

    private static int lastPosition(Operation operation) {
        return operation.answer().map(Answer::position).orElse(operation.start());
    }

    private static void take(Operation[] positions, int position, Operation operation) {
        if (positions[position] != null) {
            throw new IllegalArgumentException(
                    "two events at position %d:%n%s%n%s"
                            .formatted(position, positions[position], operation));
        }
        positions[position] = operation;
    }

    /** By their start. */
    public List<Operation> operations() {
        return operations;
    }

    /** All positions are below it. */
    public int length() {
        return length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof History history && operations.equals(history.operations);
    }

    @Override
    public int hashCode() {
        return Objects.hash(operations);
    }

    @Override
    public String toString() {
        return String.join(
                System.lineSeparator(),
                Arrays.asList(operations.stream().map(Operation::toString).toArray(String[]::new)));
    }
}
