package org.memcachedsession.codec;

import static java.io.ObjectStreamConstants.SC_EXTERNALIZABLE;
import static java.io.ObjectStreamConstants.SC_WRITE_METHOD;
import static java.io.ObjectStreamConstants.TC_ARRAY;
import static java.io.ObjectStreamConstants.TC_BLOCKDATA;
import static java.io.ObjectStreamConstants.TC_BLOCKDATALONG;
import static java.io.ObjectStreamConstants.TC_CLASS;
import static java.io.ObjectStreamConstants.TC_CLASSDESC;
import static java.io.ObjectStreamConstants.TC_ENDBLOCKDATA;
import static java.io.ObjectStreamConstants.TC_ENUM;
import static java.io.ObjectStreamConstants.TC_LONGSTRING;
import static java.io.ObjectStreamConstants.TC_NULL;
import static java.io.ObjectStreamConstants.TC_OBJECT;
import static java.io.ObjectStreamConstants.TC_PROXYCLASSDESC;
import static java.io.ObjectStreamConstants.TC_REFERENCE;
import static java.io.ObjectStreamConstants.TC_STRING;
import static java.io.ObjectStreamConstants.baseWireHandle;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which superclass each class had where a stream was written, which {@code ObjectInputStream} tells nobody. For
 * streams that were read, and so hold to the limits of those.
 */
final class StreamSuperclasses {

    private final ByteBuffer in;

    /** By number; null for what is no class. */
    private final List<Described> handles = new ArrayList<>();

    private final Map<String, String> superclasses = new HashMap<>();

    /**
     * @param fields the codes of their types
     * @param superclass null for none that is serializable
     */
    private record Described(String name, int flags, String fields, Described superclass) {}

    private StreamSuperclasses(byte[] stream) {
        in = ByteBuffer.wrap(stream);
    }

    /**
     * Names of classes with that of their serializable superclass, or null for none.
     *
     * @throws RuntimeException it is no such stream
     */
    static Map<String, String> of(byte[] stream) {
        StreamSuperclasses found = new StreamSuperclasses(stream);
        found.skip(4);
        found.content();
        return found.superclasses;
    }

    private void content() {
        content(in.get());
    }

    private void content(byte tag) {
        switch (tag) {
            case TC_NULL -> {}
            case TC_REFERENCE -> skip(4);
            case TC_CLASSDESC, TC_PROXYCLASSDESC -> described(tag);
            case TC_CLASS -> object();
            case TC_OBJECT -> data(object());
            case TC_ARRAY -> elements(object().name.charAt(1), in.getInt());
            case TC_STRING -> {
                handle(null);
                skip(unsignedShort());
            }
            case TC_LONGSTRING -> {
                handle(null);
                skip(in.getLong());
            }
            case TC_BLOCKDATA -> skip(Byte.toUnsignedInt(in.get()));
            case TC_BLOCKDATALONG -> skip(in.getInt());
            case TC_ENUM -> {
                object();
                content(); // its name
            }
            default -> throw new IllegalArgumentException("what is " + tag);
        }
    }

    private void skip(long bytes) {
        in.position(Math.toIntExact(in.position() + bytes));
    }

    private int unsignedShort() {
        return Short.toUnsignedInt(in.getShort());
    }

    /** A name with other characters than those of UTF-8 is one that is not found, which is safe. */
    private String text() {
        byte[] text = new byte[unsignedShort()];
        in.get(text);
        return new String(text, UTF_8);
    }

    private int handle(Described described) {
        handles.add(described);
        return handles.size() - 1;
    }

    /** The class of an object, whose handle comes after that. */
    private Described object() {
        Described type = described(in.get());
        if (type == null) {
            throw new IllegalArgumentException("an object without a class");
        }
        handle(null);
        return type;
    }

    // ---- classes

    private Described described(byte tag) {
        return switch (tag) {
            case TC_NULL -> null;
            case TC_REFERENCE -> handles.get(in.getInt() - baseWireHandle);
            case TC_CLASSDESC -> named();
            case TC_PROXYCLASSDESC -> proxy();
            default -> throw new IllegalArgumentException("no class is " + tag);
        };
    }

    private Described named() {
        String name = text();
        skip(8); // its version
        int handle = handle(null);
        int flags = in.get();
        StringBuilder fields = new StringBuilder();
        for (int left = unsignedShort(); left > 0; left--) {
            char code = (char) in.get();
            fields.append(code);
            skip(unsignedShort());
            if (code == 'L' || code == '[') {
                content(); // the name of its type
            }
        }
        annotations();
        Described superclass = described(in.get());
        superclasses.put(name, superclass == null ? null : superclass.name);
        Described type = new Described(name, flags, fields.toString(), superclass);
        handles.set(handle, type);
        return type;
    }

    private Described proxy() {
        int handle = handle(null);
        for (int left = in.getInt(); left > 0; left--) {
            skip(unsignedShort());
        }
        annotations();
        Described type = new Described("", 0, "", described(in.get()));
        handles.set(handle, type);
        return type;
    }

    private void annotations() {
        for (byte tag = in.get(); tag != TC_ENDBLOCKDATA; tag = in.get()) {
            content(tag);
        }
    }

    // ---- what objects hold

    private void data(Described type) {
        if (type.superclass != null) {
            data(type.superclass);
        }
        for (int i = 0; i < type.fields.length(); i++) {
            elements(type.fields.charAt(i), 1);
        }
        if ((type.flags & (SC_WRITE_METHOD | SC_EXTERNALIZABLE)) != 0) {
            annotations();
        }
    }

    private void elements(char code, int count) {
        switch (code) {
            case 'Z', 'B' -> skip(count);
            case 'C', 'S' -> skip(2L * count);
            case 'I', 'F' -> skip(4L * count);
            case 'J', 'D' -> skip(8L * count);
            default -> {
                for (int i = 0; i < count; i++) {
                    content();
                }
            }
        }
    }
}
