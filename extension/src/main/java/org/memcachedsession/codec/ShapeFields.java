package org.memcachedsession.codec;

import java.lang.reflect.Field;
import java.util.List;

/** Looks at the fields of an object. */
final class ShapeFields implements Shapes.Look {

    private final Field[] references;
    private final Field[] values;
    private final Field[] primitives;
    private final char[] kinds;

    /**
     * All of them accessible.
     *
     * @param values those that hold nothing but values, of an object that can change
     */
    ShapeFields(List<Field> references, List<Field> values, List<Field> primitives) {
        this.references = references.toArray(Field[]::new);
        this.values = values.toArray(Field[]::new);
        this.primitives = primitives.toArray(Field[]::new);
        this.kinds = new char[this.primitives.length];
        for (int i = 0; i < kinds.length; i++) {
            kinds[i] = this.primitives[i].getType().descriptorString().charAt(0);
        }
    }

    @Override
    public void at(Object object, ShapeSlots slots) {
        try {
            for (Field field : references) {
                if (!slots.reference(field.get(object))) {
                    return;
                }
            }
            for (Field field : values) {
                if (!slots.value(field.get(object))) {
                    return;
                }
            }
            for (int i = 0; i < kinds.length; i++) {
                if (!slots.bits(bits(kinds[i], primitives[i], object))) {
                    return;
                }
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("the fields were made accessible", e);
        }
    }

    private static long bits(char kind, Field field, Object object) throws IllegalAccessException {
        return switch (kind) {
            case 'Z' -> field.getBoolean(object) ? 1 : 0;
            case 'F' -> Float.floatToRawIntBits(field.getFloat(object));
            case 'D' -> Double.doubleToRawLongBits(field.getDouble(object));
            default -> field.getLong(object); // widened
        };
    }
}
