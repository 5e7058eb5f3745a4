package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.fory.Fory;
import org.apache.fory.context.ReadContext;
import org.apache.fory.context.WriteContext;
import org.apache.fory.memory.MemoryBuffer;
import org.apache.fory.reflect.ObjectInstantiator;
import org.apache.fory.reflect.ObjectInstantiators;
import org.apache.fory.resolver.TypeResolver;
import org.apache.fory.serializer.Serializer;

/**
 * Writes an object field by field, as JDK serialization does and Fory by itself does not: no constructor
 * of a serializable class runs, transient fields are empty afterwards, a declared {@code
 * serialVersionUID} has to be the same, and a field takes no object but one of its type. Fory writes
 * into fields without looking, so that a stream of another version, or a forged one, can bring the JVM
 * down.
 *
 * <p>The names and kinds of the fields come once per stream, before the first object of the class. So
 * fields can be added, removed and reordered: what is missing in the stream is empty, what is missing in
 * the class is skipped.
 */
final class ForyFields<T> extends Serializer<T> {

    private static final String KINDS = "ZBCSIJFDL";
    private static final List<Class<?>> TYPES =
            List.of(
                    boolean.class,
                    byte.class,
                    char.class,
                    short.class,
                    int.class,
                    long.class,
                    float.class,
                    double.class,
                    Object.class);

    private static final int MOST_FIELDS = 2_000;

    private final ForyOperation operation;
    private final byte[] ownShape;
    private final Slot[] ownSlots;
    private final Map<String, Slot> slots = new HashMap<>();
    private final Optional<Long> version;
    private final ObjectInstantiator<T> instantiator;
    private final Constructor<T> recordConstructor;
    private final Object[] emptyRecord;

    /** The last operation that began with the shape. */
    private int writing;

    private int reading;
    private Slot[] readSlots;

    /**
     * @param field null where the class has none of that name any more
     * @param index among the components of a record
     * @param isTime whether it holds a value of {@code java.time}, or null
     */
    private record Slot(char kind, Field field, int index, boolean isTime) {}

    ForyFields(TypeResolver resolver, Class<T> type, ForyOperation operation) {
        super(resolver.getConfig(), type, true, false);
        this.operation = operation;
        List<Field> fields = FieldByField.fields(type);
        ownSlots = new Slot[fields.size()];
        version = type.isRecord() ? Optional.empty() : FieldByField.declaredVersion(type);
        List<String> components = components(type);
        for (int i = 0; i < ownSlots.length; i++) {
            Field field = fields.get(i);
            Class<?> raw = field.getType().isPrimitive() ? field.getType() : Object.class;
            ownSlots[i] =
                    new Slot(
                            KINDS.charAt(TYPES.indexOf(raw)),
                            field,
                            components.indexOf(field.getName()),
                            ForySerialization.isTime(field.getType()));
            slots.put(field.getName(), ownSlots[i]);
        }
        ownShape = shape();
        if (type.isRecord()) {
            instantiator = null;
            recordConstructor = recordConstructor(type);
            emptyRecord =
                    Arrays.stream(recordConstructor.getParameterTypes())
                            .map(ForyFields::emptyValue)
                            .toArray();
        } else {
            instantiator = new ObjectInstantiators.ParentNoArgCtrInstantiator<>(type);
            recordConstructor = null;
            emptyRecord = null;
        }
    }

    private static List<String> components(Class<?> type) {
        return type.isRecord()
                ? Arrays.stream(type.getRecordComponents())
                        .map(component -> component.getName())
                        .toList()
                : List.of();
    }

    private static <T> Constructor<T> recordConstructor(Class<T> type) {
        try {
            Constructor<T> canonical =
                    type.getDeclaredConstructor(
                            Arrays.stream(type.getRecordComponents())
                                    .map(component -> component.getType())
                                    .toArray(Class<?>[]::new));
            canonical.setAccessible(true);
            return canonical;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every record has a canonical constructor", e);
        }
    }

    private static Object emptyValue(Class<?> type) {
        return type.isPrimitive() ? Array.get(Array.newInstance(type, 1), 0) : null;
    }

    // ---- the shape: version, number of fields, their kinds and names

    private byte[] shape() {
        MemoryBuffer buffer = MemoryBuffer.newHeapBuffer(256);
        buffer.writeBoolean(version.isPresent());
        version.ifPresent(buffer::writeVarInt64);
        buffer.writeVarUInt32(ownSlots.length);
        for (Slot slot : ownSlots) {
            byte[] name = slot.field.getName().getBytes(UTF_8);
            buffer.writeByte((byte) slot.kind);
            buffer.writeVarUInt32(name.length);
            buffer.writeBytes(name);
        }
        return buffer.getBytes(0, buffer.writerIndex());
    }

    private Slot[] readShape(MemoryBuffer stream) {
        byte[] shape = readBytes(stream, stream.readVarUInt32());
        if (Arrays.equals(shape, ownShape)) {
            return ownSlots;
        }
        operation.giveOtherBytes();
        MemoryBuffer buffer = MemoryBuffer.fromByteArray(shape);
        Optional<Long> written =
                buffer.readBoolean() ? Optional.of(buffer.readVarInt64()) : Optional.empty();
        if (written.isPresent() && version.isPresent() && !written.equals(version)) {
            throw new IllegalArgumentException(
                    type.getName()
                            + " has serialVersionUID "
                            + version.get()
                            + " here and "
                            + written.get()
                            + " there");
        }
        int count = buffer.readVarUInt32();
        if (count < 0 || count > MOST_FIELDS) {
            throw new IllegalArgumentException(count + " fields of " + type.getName());
        }
        List<Slot> read = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            char kind = (char) buffer.readByte();
            String name = new String(readBytes(buffer, buffer.readVarUInt32()), UTF_8);
            Slot own = slots.get(name);
            boolean isAnother = own != null && own.kind != kind;
            if (isAnother || KINDS.indexOf(kind) < 0) {
                throw new IllegalArgumentException(
                        "the type of " + type.getName() + "." + name + " is another");
            }
            read.add(own == null ? new Slot(kind, null, -1, false) : own);
        }
        return read.toArray(Slot[]::new);
    }

    private static byte[] readBytes(MemoryBuffer buffer, int length) {
        if (length < 0 || length > buffer.remaining()) {
            throw new IllegalArgumentException(length + " bytes, which are not there");
        }
        return buffer.readBytes(length);
    }

    // ---- objects

    @Override
    public void write(WriteContext context, T object) {
        ForySerialization.checkDepth(context);
        MemoryBuffer buffer = context.getBuffer();
        if (writing != operation.number()) {
            writing = operation.number();
            buffer.writeVarUInt32(ownShape.length);
            buffer.writeBytes(ownShape);
        }
        if (recordConstructor != null) {
            operation.beginUnfinished(object);
        }
        try {
            for (Slot slot : ownSlots) {
                if (slot.kind != 'L') {
                    write(buffer, slot, object);
                } else if (slot.isTime) {
                    writeTime(context, buffer, slot.field.get(object));
                } else {
                    operation.write(context, slot.field.get(object));
                }
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("the fields were made accessible", e);
        }
        if (recordConstructor != null) {
            operation.endUnfinished(object);
        }
    }

    /** Each anew: which fields have the same one is nothing to rely on, and takes long to find out. */
    private static void writeTime(WriteContext context, MemoryBuffer buffer, Object time) {
        if (time == null) {
            buffer.writeByte(Fory.NULL_FLAG);
        } else {
            buffer.writeByte(Fory.NOT_NULL_VALUE_FLAG);
            context.writeNonRef(time);
        }
    }

    private static void write(MemoryBuffer buffer, Slot slot, Object object)
            throws IllegalAccessException {
        Field field = slot.field;
        switch (slot.kind) {
            case 'Z' -> buffer.writeBoolean(field.getBoolean(object));
            case 'B' -> buffer.writeByte(field.getByte(object));
            case 'C' -> buffer.writeChar(field.getChar(object));
            case 'S' -> buffer.writeInt16(field.getShort(object));
            case 'I' -> buffer.writeVarInt32(field.getInt(object));
            case 'J' -> buffer.writeVarInt64(field.getLong(object));
            case 'F' -> buffer.writeFloat32(field.getFloat(object));
            default -> buffer.writeFloat64(field.getDouble(object));
        }
    }

    @Override
    public T read(ReadContext context) {
        MemoryBuffer buffer = context.getBuffer();
        if (reading != operation.number()) {
            readSlots = readShape(buffer);
            reading = operation.number();
        }
        Slot[] shape = readSlots;
        context.reserveGraphMemory(16 + 8 * ownSlots.length);
        try {
            return recordConstructor != null
                    ? readRecord(context, buffer, shape)
                    : readObject(context, buffer, shape);
        } catch (IllegalAccessException | InstantiationException e) {
            throw new IllegalStateException("fields and constructor were made accessible", e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "the constructor of " + type.getName() + " has thrown " + e.getCause(), e);
        }
    }

    private T readRecord(ReadContext context, MemoryBuffer buffer, Slot[] shape)
            throws IllegalAccessException, InstantiationException, InvocationTargetException {
        Object[] components = emptyRecord.clone();
        for (Slot slot : shape) {
            Object value = readValue(context, buffer, slot.kind);
            if (slot.field != null) {
                components[slot.index] = value;
            }
        }
        return recordConstructor.newInstance(components);
    }

    private T readObject(ReadContext context, MemoryBuffer buffer, Slot[] shape)
            throws IllegalAccessException {
        T object = instantiator.newInstance();
        if (context.hasPreservedRefId()) {
            context.reference(object);
        }
        for (Slot slot : shape) {
            if (slot.field == null) {
                readValue(context, buffer, slot.kind);
            } else {
                readInto(object, context, buffer, slot);
            }
        }
        return object;
    }

    /** By reflection, which looks whether the object is of the field's type. */
    private static void readInto(Object object, ReadContext context, MemoryBuffer buffer, Slot slot)
            throws IllegalAccessException {
        Field field = slot.field;
        switch (slot.kind) {
            case 'Z' -> field.setBoolean(object, buffer.readBoolean());
            case 'B' -> field.setByte(object, buffer.readByte());
            case 'C' -> field.setChar(object, buffer.readChar());
            case 'S' -> field.setShort(object, buffer.readInt16());
            case 'I' -> field.setInt(object, buffer.readVarInt32());
            case 'J' -> field.setLong(object, buffer.readVarInt64());
            case 'F' -> field.setFloat(object, buffer.readFloat32());
            case 'D' -> field.setDouble(object, buffer.readFloat64());
            default -> field.set(object, context.readRef());
        }
    }

    private static Object readValue(ReadContext context, MemoryBuffer buffer, char kind) {
        return switch (kind) {
            case 'Z' -> buffer.readBoolean();
            case 'B' -> buffer.readByte();
            case 'C' -> buffer.readChar();
            case 'S' -> buffer.readInt16();
            case 'I' -> buffer.readVarInt32();
            case 'J' -> buffer.readVarInt64();
            case 'F' -> buffer.readFloat32();
            case 'D' -> buffer.readFloat64();
            default -> context.readRef();
        };
    }
}
