package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.Entry;
import org.memcachedsession.session.ItemContent;
import org.memcachedsession.session.PrincipalHash;
import org.memcachedsession.session.SessionHeader;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SessionRecord;
import org.memcachedsession.session.Tombstone;
import org.memcachedsession.session.UnreadableException;

/**
 * The bytes of an item's content, before they are sealed. All numbers are big-endian, all times
 * milliseconds since 1970.
 *
 * <pre>
 * 1  kind: 0 session, 1 after a login, 2 after a renewal, 3 after an end
 *
 * session:
 * 8  created
 * 8  last login, or -2^63 for none
 * 8  since when it has its id
 * 8  last access
 * 4  idle timeout, seconds
 * 4  absolute timeout, seconds
 * 1 + n  hash of the principal, base64url, or empty
 * 1  number of epochs; for each, the latest first:
 *      8      its number
 * 1  number of recent saves; for each, the latest first:
 *      8      its random number
 * 4  number of entries; for each, in the order of the keys:
 *      2 + n  bean key, modified UTF-8
 *      2 + n  deployment that it is bound to, or empty, modified UTF-8
 *      4 + n  the bean's bytes
 *
 * after one:
 * 8  since when
 * 8  its random number
 * 24 the id that the session has now; after a renewal alone
 * </pre>
 */
final class RecordFormat {

    private static final int SESSION = 0;
    private static final long NEVER = Long.MIN_VALUE;

    /** By their numbers, from 1. */
    private static final List<Tombstone.Cause> CAUSES =
            List.of(Tombstone.Cause.LOGIN, Tombstone.Cause.RENEWAL, Tombstone.Cause.END);

    private RecordFormat() {}

    static byte[] write(ItemContent content) {
        var bytes = new ByteArrayOutputStream(1024);
        try (var out = new DataOutputStream(bytes)) {
            if (content instanceof SessionRecord session) {
                out.writeByte(SESSION);
                write(session.header(), out);
                write(session, out);
            } else {
                write((Tombstone) content, out);
            }
        } catch (IOException e) {
            throw new IllegalStateException("a bean key is longer than 65535 bytes", e);
        }
        return bytes.toByteArray();
    }

    private static void write(SessionHeader header, DataOutputStream out) throws IOException {
        out.writeLong(header.createdAt().toEpochMilli());
        out.writeLong(header.authenticatedAt().map(Instant::toEpochMilli).orElse(NEVER));
        out.writeLong(header.idSince().toEpochMilli());
        out.writeLong(header.lastAccessedAt().toEpochMilli());
        out.writeInt(Math.toIntExact(header.idleTimeout().toSeconds()));
        out.writeInt(Math.toIntExact(header.absoluteTimeout().toSeconds()));
        byte[] principal =
                header.principal().map(PrincipalHash::text).orElse("").getBytes(US_ASCII);
        out.writeByte(principal.length);
        out.write(principal);
        writeNumbers(header.epochs(), out);
    }

    private static void write(SessionRecord session, DataOutputStream out) throws IOException {
        writeNumbers(session.recentSaves(), out);
        out.writeInt(session.entries().size());
        for (Map.Entry<BeanKey, Entry> named : session.entries().entrySet()) {
            Entry entry = named.getValue();
            out.writeUTF(named.getKey().text());
            out.writeUTF(entry.boundTo());
            out.writeInt(entry.bytes().length);
            out.write(entry.bytes());
        }
    }

    private static void writeNumbers(List<Long> numbers, DataOutputStream out) throws IOException {
        out.writeByte(numbers.size());
        for (long number : numbers) {
            out.writeLong(number);
        }
    }

    private static void write(Tombstone tombstone, DataOutputStream out) throws IOException {
        out.writeByte(1 + CAUSES.indexOf(tombstone.cause()));
        out.writeLong(tombstone.since().toEpochMilli());
        out.writeLong(tombstone.number());
        if (tombstone.successor().isPresent()) {
            out.write(tombstone.successor().get().bytes());
        }
    }

    static ItemContent read(byte[] bytes) throws UnreadableException {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int kind = in.readUnsignedByte();
            ItemContent content = kind == SESSION ? readSession(in) : readTombstone(kind, in);
            if (in.available() > 0) {
                throw new UnreadableException("it does not end where it says");
            }
            return content;
        } catch (IOException | DateTimeException | IllegalArgumentException e) {
            throw new UnreadableException("it is cut or garbled", e);
        }
    }

    private static SessionRecord readSession(DataInputStream in)
            throws IOException, UnreadableException {
        SessionHeader header = readHeader(in);
        List<Long> recentSaves = readNumbers(in);
        int count = in.readInt();
        SortedMap<BeanKey, Entry> entries = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            BeanKey key = new BeanKey(in.readUTF());
            entries.put(key, new Entry(in.readUTF(), readBytes(in)));
        }
        if (count != entries.size()) {
            throw new UnreadableException("it has two entries of one key");
        }
        return new SessionRecord(header, recentSaves, entries);
    }

    private static SessionHeader readHeader(DataInputStream in) throws IOException {
        Instant createdAt = Instant.ofEpochMilli(in.readLong());
        long authenticatedAt = in.readLong();
        Instant idSince = Instant.ofEpochMilli(in.readLong());
        Instant lastAccessedAt = Instant.ofEpochMilli(in.readLong());
        Duration idleTimeout = Duration.ofSeconds(in.readInt());
        Duration absoluteTimeout = Duration.ofSeconds(in.readInt());
        String principal = new String(in.readNBytes(in.readUnsignedByte()), US_ASCII);
        return new SessionHeader(
                createdAt,
                authenticatedAt == NEVER
                        ? Optional.empty()
                        : Optional.of(Instant.ofEpochMilli(authenticatedAt)),
                idSince,
                lastAccessedAt,
                idleTimeout,
                absoluteTimeout,
                principal.isEmpty() ? Optional.empty() : Optional.of(new PrincipalHash(principal)),
                readNumbers(in));
    }

    private static List<Long> readNumbers(DataInputStream in) throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (int left = in.readUnsignedByte(); left > 0; left--) {
            numbers.add(in.readLong());
        }
        return numbers;
    }

    private static Tombstone readTombstone(int kind, DataInputStream in)
            throws IOException, UnreadableException {
        if (kind > CAUSES.size()) {
            throw new UnreadableException(
                    "it is of a kind that this version does not know, " + kind);
        }
        Tombstone.Cause cause = CAUSES.get(kind - 1);
        Instant since = Instant.ofEpochMilli(in.readLong());
        long number = in.readLong();
        Optional<SessionId> successor =
                cause == Tombstone.Cause.RENEWAL ? Optional.of(readId(in)) : Optional.empty();
        return new Tombstone(cause, since, number, successor);
    }

    private static SessionId readId(DataInputStream in) throws IOException, UnreadableException {
        String text = Base64.getUrlEncoder().encodeToString(in.readNBytes(SessionId.BYTES));
        return SessionId.parse(text)
                .orElseThrow(() -> new UnreadableException("its successor has no id"));
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
