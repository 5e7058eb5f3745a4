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

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which superclass each class had where a stream was written, which {@code ObjectInputStream} tells nobody. For
 * streams that were read, and so hold to the limits of those.
 */
final class StreamSuperclasses {

    private final DataInputStream in;

    /** By number; null for what is no class. */
    private final List<Described> handles = new ArrayList<>();

    private final Map<String, String> superclasses = new HashMap<>();

    /**
     * @param fields the codes of their types
     * @param superclass null for none that is serializable
     */
    private record Described(String name, int flags, String fields, Described superclass) {}

    private StreamSuperclasses(byte[] stream) {
        in = new DataInputStream(new ByteArrayInputStream(stream));
    }

    /**
     * Names of classes with that of their serializable superclass, or null for none.
     *
     * @throws IOException it is no such stream
     */
    static Map<String, String> of(byte[] stream) throws IOException {
        StreamSuperclasses found = new StreamSuperclasses(stream);
        found.in.skipNBytes(4);
        found.content();
        return found.superclasses;
    }

    private void content() throws IOException {
        content(in.readByte());
    }

    private void content(byte tag) throws IOException {
        switch (tag) {
            case TC_NULL -> {}
            case TC_REFERENCE -> in.skipNBytes(4);
            case TC_CLASSDESC, TC_PROXYCLASSDESC -> described(tag);
            case TC_CLASS -> object();
            case TC_OBJECT -> data(object());
            case TC_ARRAY -> elements(object().name.charAt(1), in.readInt());
            case TC_STRING -> {
                handle(null);
                in.skipNBytes(in.readUnsignedShort());
            }
            case TC_LONGSTRING -> {
                handle(null);
                in.skipNBytes(in.readLong());
            }
            case TC_BLOCKDATA -> in.skipNBytes(in.readUnsignedByte());
            case TC_BLOCKDATALONG -> in.skipNBytes(in.readInt());
            case TC_ENUM -> {
                object();
                content(); // its name
            }
            default -> throw new StreamCorruptedException("what is " + tag);
        }
    }

    private int handle(Described described) {
        handles.add(described);
        return handles.size() - 1;
    }

    /** The class of an object, whose handle comes after that. */
    private Described object() throws IOException {
        Described type = described(in.readByte());
        if (type == null) {
            throw new StreamCorruptedException("an object without a class");
        }
        handle(null);
        return type;
    }

    // ---- classes

    private Described described(byte tag) throws IOException {
        return switch (tag) {
            case TC_NULL -> null;
            case TC_REFERENCE -> handles.get(in.readInt() - baseWireHandle);
            case TC_CLASSDESC -> named();
            case TC_PROXYCLASSDESC -> proxy();
            default -> throw new StreamCorruptedException("no class is " + tag);
        };
    }

    private Described named() throws IOException {
        String name = in.readUTF();
        in.skipNBytes(8); // its version
        int handle = handle(null);
        int flags = in.readByte();
        StringBuilder fields = new StringBuilder();
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            char code = (char) in.readByte();
            fields.append(code);
            in.readUTF();
            if (code == 'L' || code == '[') {
                content(); // the name of its type
            }
        }
        annotations();
        Described superclass = described(in.readByte());
        superclasses.put(name, superclass == null ? null : superclass.name);
        Described type = new Described(name, flags, fields.toString(), superclass);
        handles.set(handle, type);
        return type;
    }

    private Described proxy() throws IOException {
        int handle = handle(null);
        for (int left = in.readInt(); left > 0; left--) {
            in.readUTF();
        }
        annotations();
        Described type = new Described("", 0, "", described(in.readByte()));
        handles.set(handle, type);
        return type;
    }

    private void annotations() throws IOException {
        for (byte tag = in.readByte(); tag != TC_ENDBLOCKDATA; tag = in.readByte()) {
            content(tag);
        }
    }

    // ---- what objects hold

    private void data(Described type) throws IOException {
        if (type.superclass != null) {
            data(type.superclass);
        }
        for (char code : type.fields.toCharArray()) {
            elements(code, 1);
        }
        if ((type.flags & (SC_WRITE_METHOD | SC_EXTERNALIZABLE)) != 0) {
            annotations();
        }
    }

    private void elements(char code, int count) throws IOException {
        switch (code) {
            case 'Z', 'B' -> in.skipNBytes(count);
            case 'C', 'S' -> in.skipNBytes(2L * count);
            case 'I', 'F' -> in.skipNBytes(4L * count);
            case 'J', 'D' -> in.skipNBytes(8L * count);
            default -> {
                for (int i = 0; i < count; i++) {
                    content();
                }
            }
        }
    }
}
