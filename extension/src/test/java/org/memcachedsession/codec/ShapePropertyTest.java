package org.memcachedsession.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Graphs in which anything may hold anything, made by steps that are chosen by chance, read from their bytes, and
 * changed by more such steps.
 */
class ShapePropertyTest {

    private static final int MOST_STEPS = 1 << 20;
    private static final List<Object> VALUES =
            Arrays.asList(null, "a", "b", 1, 2, TimeUnit.DAYS, Integer.class);

    private final Shapes shapes = new Shapes();

    @Property
    void whatIsSaidToBeUnchangedIsWrittenAsItWas(
            @ForAll @Size(max = 60) List<@IntRange(max = MOST_STEPS) Integer> making,
            @ForAll @Size(max = 3) List<@IntRange(max = MOST_STEPS) Integer> changing) {
        Steps steps = read(making);
        byte[] before = Copies.written(steps.graph);
        Shape shape = shapes.of(steps.graph).orElseThrow();
        assertThat(shape.isUnchanged()).isTrue();

        changing.forEach(steps::take);

        byte[] after = Copies.written(steps.graph);
        if (shape.isUnchanged()) {
            assertThat(asItIsRead(after)).isEqualTo(asItIsRead(before));
        }
        assertThat(shapes.of(steps.graph).orElseThrow().isUnchanged()).isTrue();
    }

    @Property
    void aChangeThatIsTakenBackIsNone(
            @ForAll @Size(max = 60) List<@IntRange(max = MOST_STEPS) Integer> making) {
        Steps steps = read(making);
        Shape shape = shapes.of(steps.graph).orElseThrow();

        steps.node.number++;
        steps.list.add(0, "a");
        assertThat(shape.isUnchanged()).isFalse();
        steps.node.number--;
        assertThat(shape.isUnchanged()).isFalse();
        steps.list.remove(0);

        assertThat(shape.isUnchanged()).isTrue();
    }

    private static Steps read(List<Integer> making) {
        Steps made = new Steps(fresh());
        making.forEach(made::take);
        return new Steps(Copies.of(made.graph));
    }

    /** Without the size that a hash table once had: its bytes tell that, and nobody reads it. */
    private static byte[] asItIsRead(byte[] bytes) {
        return Copies.written(Copies.read(bytes));
    }

    private static ArrayList<Object> fresh() {
        ArrayList<Object> all = new ArrayList<>();
        List<Object> inside = new ArrayList<>();
        Collections.addAll(
                all,
                new Node(),
                new ArrayList<>(),
                new Node(),
                new LargeNode(),
                new LinkedList<>(),
                new ArrayDeque<>(),
                new HashSet<>(),
                new LinkedHashSet<>(),
                new TreeSet<>(),
                new HashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(16, 0.75f, true),
                new TreeMap<>(),
                new ConcurrentHashMap<>(),
                new EnumMap<>(TimeUnit.class),
                EnumSet.noneOf(TimeUnit.class),
                new AtomicInteger(),
                new AtomicLong(),
                new AtomicBoolean(),
                new Date(0),
                new int[3],
                new double[3],
                new byte[3],
                new Object[3],
                Arrays.<Object>asList(1, 2, 3),
                inside,
                new Pair("a", inside),
                List.of(inside, "a"),
                Map.of("a", inside));
        return all;
    }

    /** All objects of a graph, and what can be done to them; a step is a number. */
    private static final class Steps {

        private final ArrayList<Object> graph;
        private final Node node;
        private final List<Object> list;

        @SuppressWarnings("unchecked")
        Steps(ArrayList<Object> graph) {
            this.graph = graph;
            this.node = (Node) graph.get(0);
            this.list = (List<Object>) graph.get(1);
        }

        @SuppressWarnings("unchecked")
        void take(int step) {
            Object object = graph.get(step % graph.size());
            int way = step / graph.size();
            Object value = value(way / 8);
            String name = "key " + way / 8 % 5;
            TimeUnit unit = TimeUnit.values()[way / 8 % 5];
            if (object instanceof Node each) {
                each.change(way % 8, way / 8, value);
            } else if (object instanceof ArrayDeque<?> deque) {
                change((ArrayDeque<Object>) deque, way % 3, name);
            } else if (object instanceof EnumSet<?> set) {
                toggle((EnumSet<TimeUnit>) set, unit);
            } else if (object instanceof HashSet<?> || object instanceof TreeSet<?>) {
                toggle((Set<Object>) object, name);
            } else if (object instanceof EnumMap<?, ?> map) {
                change((Map<Object, Object>) (Map<?, ?>) map, way % 4, unit, value);
            } else if (object instanceof ConcurrentHashMap<?, ?> map) {
                change((Map<Object, Object>) map, way % 4, name, value == null ? "" : value);
            } else if (object instanceof HashMap<?, ?> || object instanceof TreeMap<?, ?>) {
                change((Map<Object, Object>) object, way % 4, name, value);
            } else if (object instanceof ArrayList<?> || object instanceof LinkedList<?>) {
                change((List<Object>) object, way % 5, value);
            } else if (object.getClass().getName().equals("java.util.Arrays$ArrayList")) {
                ((List<Object>) object).set(way % 3, value);
            } else {
                change(object, way);
            }
        }

        /** None of the last two, which the JDK does not read back from a circle. */
        private Object value(int number) {
            int index = number % (graph.size() - 2 + VALUES.size());
            return index < VALUES.size() ? VALUES.get(index) : graph.get(index - VALUES.size());
        }

        private static <T> void toggle(Set<T> set, T element) {
            if (!set.remove(element)) {
                set.add(element);
            }
        }

        private static void change(ArrayDeque<Object> deque, int way, Object value) {
            switch (way) {
                case 0 -> deque.addFirst(value);
                case 1 -> deque.addLast(value);
                default -> deque.pollFirst();
            }
        }

        private static void change(List<Object> list, int way, Object value) {
            switch (list.isEmpty() ? 0 : way) {
                case 0 -> list.add(value);
                case 1 -> list.remove(0);
                case 2 -> list.set(list.size() - 1, value);
                case 3 -> Collections.reverse(list);
                default -> list.add(list.get(0));
            }
        }

        private static void change(Map<Object, Object> map, int way, Object key, Object value) {
            switch (way) {
                case 0 -> map.put(key, value);
                case 1 -> map.remove(key);
                case 2 -> map.get(key);
                default -> growAndShrink(map);
            }
        }

        private static void growAndShrink(Map<Object, Object> map) {
            if (map instanceof EnumMap) {
                return;
            }
            for (int i = 0; i < 50; i++) {
                map.put("more " + i, i);
            }
            for (int i = 0; i < 50; i++) {
                map.remove("more " + i);
            }
        }

        private void change(Object object, int way) {
            int index = way % 3;
            int number = way / 3 % 3;
            if (object instanceof int[] ints) {
                ints[index] = number;
            } else if (object instanceof double[] doubles) {
                doubles[index] = number - 1;
            } else if (object instanceof byte[] bytes) {
                bytes[index] = (byte) number;
            } else if (object instanceof Object[] objects) {
                objects[index] = value(way / 3);
            } else if (object instanceof AtomicInteger atomic) {
                atomic.set(number);
            } else if (object instanceof AtomicLong atomic) {
                atomic.set(number);
            } else if (object instanceof AtomicBoolean atomic) {
                atomic.set(number == 0);
            } else if (object instanceof Date date) {
                date.setTime(number);
            } // the others cannot change
        }
    }

    static class Node implements Serializable {
        private static final long serialVersionUID = 1L;
        private int number;
        private double real;
        private String text;

        @SuppressWarnings("serial")
        private Object one;

        @SuppressWarnings("serial")
        private Object other;

        private Node next;

        void change(int way, int number, Object value) {
            switch (way) {
                case 0 -> this.number = number % 3;
                case 1 -> this.real = number % 3 - 1;
                case 2 -> this.text = "text " + number % 3;
                case 3 -> this.one = value;
                case 4 -> this.other = value;
                case 5 -> {
                    Object before = this.one;
                    this.one = this.other;
                    this.other = before;
                }
                case 6 -> this.next = value instanceof Node node ? node : null;
                default -> changeMore(number);
            }
        }

        void changeMore(int number) {
            this.text = null;
        }
    }

    static class LargeNode extends Node {
        private static final long serialVersionUID = 1L;
        private boolean truth;
        private char letter;
        private long large;
        private float small;

        @Override
        void changeMore(int number) {
            switch (number % 4) {
                case 0 -> truth = !truth;
                case 1 -> letter = (char) (number % 3);
                case 2 -> large = number % 3;
                default -> small = number % 3 - 1;
            }
        }
    }

    @SuppressWarnings("serial")
    record Pair(Object one, Object other) implements Serializable {}
}
