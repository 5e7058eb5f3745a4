package org.memcachedsession.codec;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import org.memcachedsession.codec.Shapes.Kind;
import org.memcachedsession.codec.Shapes.Part;

/**
 * Goes through a graph once, object by object, and writes down what each holds. Objects wait for their turn in a
 * list, so that no chain is too long for the stack.
 *
 * <p>When the list has become longer, those that can change and hold others come into it once, which ends circles.
 * Others may come more often: there is no circle without one of those, and too much of them is too much.
 */
final class ShapeTaking implements ShapeSlots {

    /** Up to so many, to look at one twice costs less than to know that it was there. */
    private static final int FEW = 64;

    private static final int MOST_EXPECTED = 1_024;

    private final Shapes shapes;
    private final int mostLevels;
    private Object[] objects;
    private Part[] parts;
    private Object[] references;
    private long[] bits;
    private int objectCount;
    private int referenceCount;
    private int bitsCount;
    private int levels;
    private int left = Shapes.MOST;
    private boolean isWrittenDown;
    private boolean holdsOthers;
    private boolean haveLasting;
    private Class<?> lastType;
    private Part lastPart;

    /** The objects in the list that can change and hold others, and more; made when there are {@link #FEW}. */
    private Set<Object> seen;

    /**
     * @param expected what the graph may come to; more takes longer
     * @param mostLevels what all objects may take together that hold others, as {@link Part#levels} counts; more is
     *     too much
     */
    ShapeTaking(Shapes shapes, Sizes expected, int mostLevels) {
        this.shapes = shapes;
        this.mostLevels = mostLevels;
        this.objects = new Object[expected.objects];
        this.parts = new Part[expected.objects];
        this.references = new Object[expected.references];
        this.bits = new long[expected.bits];
    }

    /** How much a graph came to, and another of its class may come to. */
    record Sizes(int objects, int references, int bits) {

        static final Sizes FIRST = new Sizes(32, 32, 32);
    }

    /** When it is taken. */
    Sizes sizes() {
        return new Sizes(expected(objectCount), expected(referenceCount), expected(bitsCount));
    }

    /** After a large one, a small one is not to pay for its arrays. */
    private static int expected(int count) {
        return Math.min(count, MOST_EXPECTED);
    }

    Optional<Shape> of(Object graph) {
        meet(graph);
        for (int i = 0; i < objectCount && left > 0; i++) {
            isWrittenDown = parts[i].kind() == Kind.CHANGING;
            holdsOthers = false;
            parts[i].look().at(objects[i], this);
            levels += holdsOthers ? parts[i].levels() : 0;
            if (levels > mostLevels) {
                left = 0;
            }
        }
        return left > 0 ? Optional.of(shape()) : Optional.empty();
    }

    private Shape shape() {
        int count = haveLasting ? keepChanging() : objectCount;
        return new Shape(objects, parts, count, references, referenceCount, bits, bitsCount);
    }

    private int keepChanging() {
        int count = 0;
        for (int i = 0; i < objectCount; i++) {
            if (parts[i].kind() == Kind.CHANGING) {
                objects[count] = objects[i];
                parts[count] = parts[i];
                count++;
            }
        }
        return count;
    }

    @Override
    public boolean reference(Object held) {
        if (isWrittenDown) {
            writeDown(held);
        }
        meet(held);
        return --left > 0;
    }

    @Override
    public boolean value(Object held) {
        writeDown(held);
        return --left > 0;
    }

    @Override
    public boolean bits(long value) {
        if (isWrittenDown) {
            if (bitsCount == bits.length) {
                bits = Arrays.copyOf(bits, longer(bitsCount));
            }
            bits[bitsCount++] = value;
        }
        return --left > 0;
    }

    @Override
    public boolean array(Object primitives) {
        int length = Array.getLength(primitives);
        left -= 1 + length / 8;
        if (left <= 0) {
            return false;
        }
        writeDown(ShapeArrays.copy(primitives));
        return true;
    }

    private void writeDown(Object held) {
        if (referenceCount == references.length) {
            references = Arrays.copyOf(references, longer(referenceCount));
        }
        references[referenceCount++] = held;
    }

    private void meet(Object object) {
        if (object == null) {
            return;
        }
        Part part = part(object.getClass());
        switch (part.kind()) {
            case UNKNOWN -> left = 0;
            case VALUE -> {
                if (object instanceof Class<?> type && !Shapes.hasFewSuperclasses(type)) {
                    left = 0;
                }
            }
            case LASTING -> {
                holdsOthers = true;
                haveLasting = true;
                add(object, part);
            }
            case CHANGING -> {
                holdsOthers = true;
                if (part.levels() == 0 || isNew(object)) {
                    add(object, part);
                }
            }
        }
    }

    private Part part(Class<?> type) {
        if (type != lastType) { // neighbours are often of one class
            lastPart = shapes.part(type);
            lastType = type;
        }
        return lastPart;
    }

    private void add(Object object, Part part) {
        if (objectCount == objects.length) {
            objects = Arrays.copyOf(objects, longer(objectCount));
            parts = Arrays.copyOf(parts, longer(objectCount));
        }
        objects[objectCount] = object;
        parts[objectCount] = part;
        objectCount++;
    }

    private static int longer(int length) {
        return Math.max(8, 2 * length);
    }

    private boolean isNew(Object object) {
        if (objectCount < FEW) {
            return true;
        }
        if (seen == null) {
            seen = Collections.newSetFromMap(new IdentityHashMap<>(objects.length));
            seen.addAll(Arrays.asList(objects).subList(0, objectCount));
        }
        return seen.add(object);
    }
}
