package org.memcachedsession.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.Entry;
import org.memcachedsession.session.SessionRecord;
import org.memcachedsession.session.UnreadableException;

/**
 * The bytes of a record, before they are sealed. All numbers are big-endian.
 *
 * <pre>
 * 8  created, milliseconds since 1970
 * 8  absolute end, milliseconds since 1970
 * 4  idle timeout, seconds
 * 1  number of recent saves; for each, the latest first:
 *      8      its random number
 * 4  number of entries; for each, in the order of the keys:
 *      2 + n  bean key, modified UTF-8
 *      2 + n  deployment that it is bound to, or empty, modified UTF-8
 *      4 + n  the bean's bytes
 * </pre>
 */
final class RecordFormat {

    private RecordFormat() {}

    static byte[] write(SessionRecord record) {
        var bytes = new ByteArrayOutputStream(1024);
        try (var out = new DataOutputStream(bytes)) {
            out.writeLong(record.createdAt().toEpochMilli());
            out.writeLong(record.absoluteEnd().toEpochMilli());
            out.writeInt(Math.toIntExact(record.idleTimeout().toSeconds()));
            out.writeByte(record.recentSaves().size());
            for (long save : record.recentSaves()) {
                out.writeLong(save);
            }
            out.writeInt(record.entries().size());
            for (Map.Entry<BeanKey, Entry> named : record.entries().entrySet()) {
                Entry entry = named.getValue();
                out.writeUTF(named.getKey().text());
                out.writeUTF(entry.boundTo());
                out.writeInt(entry.bytes().length);
                out.write(entry.bytes());
            }
        } catch (IOException e) {
            throw new IllegalStateException("a bean key is longer than 65535 bytes", e);
        }
        return bytes.toByteArray();
    }

    static SessionRecord read(byte[] bytes) throws UnreadableException {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            Instant createdAt = Instant.ofEpochMilli(in.readLong());
            Instant absoluteEnd = Instant.ofEpochMilli(in.readLong());
            Duration idleTimeout = Duration.ofSeconds(in.readInt());
            List<Long> recentSaves = new ArrayList<>();
            for (int left = in.readUnsignedByte(); left > 0; left--) {
                recentSaves.add(in.readLong());
            }
            int count = in.readInt();
            SortedMap<BeanKey, Entry> entries = new TreeMap<>();
            for (int i = 0; i < count; i++) {
                BeanKey key = new BeanKey(in.readUTF());
                entries.put(key, new Entry(in.readUTF(), readBytes(in)));
            }
            if (in.available() > 0 || count != entries.size()) {
                throw new UnreadableException("the record does not end where it says");
            }
            return new SessionRecord(createdAt, absoluteEnd, idleTimeout, recentSaves, entries);
        } catch (IOException | DateTimeException e) {
            throw new UnreadableException("the record is cut or garbled", e);
        }
    }

    private static byte[] readBytes(DataInputStream in) throws IOException, UnreadableException {
        int length = in.readInt();
        // what an array has left is known exactly, so nothing is allocated for a length that is
        // wrong
        if (length < 0 || length > in.available()) {
            throw new UnreadableException("an entry says that it has " + length + " bytes");
        }
        return in.readNBytes(length);
    }
}
