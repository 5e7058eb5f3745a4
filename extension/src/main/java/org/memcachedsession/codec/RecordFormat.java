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
import org.memcachedsession.SessionException;
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
 * The bytes of an item's content, before they are sealed: docs/format.md has them byte by byte. What a length
 * or a count says is compared with what is there before
 * anything is allocated for it, since a seal proves who wrote the bytes and not that they are right.
 */
final class RecordFormat {

    static final int SESSION = 0;
    private static final long NEVER = Long.MIN_VALUE;

    /** More beans than an application has. */
    static final int MOST_ENTRIES = 10_000;

    /** Two length fields and a length, with nothing between them. */
    private static final int SMALLEST_ENTRY = 2 + 2 + 4;

    /** Epochs or recent saves; the rules keep fewer. */
    static final int MOST_NUMBERS = 16;

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
        if (session.entries().size() > MOST_ENTRIES) {
            throw new SessionException(
                    "The session was not saved: it has "
                            + session.entries().size()
                            + " beans, and "
                            + MOST_ENTRIES
                            + " are the most. Keep what there are many of in one bean");
        }
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
        if (numbers.size() > MOST_NUMBERS) {
            throw new IllegalStateException(numbers.size() + " epochs or saves");
        }
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
        if (count < 0 || count > MOST_ENTRIES || count > in.available() / SMALLEST_ENTRY) {
            throw new UnreadableException("it says that it has " + count + " entries");
        }
        SortedMap<BeanKey, Entry> entries = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            BeanKey key = new BeanKey(readText(in));
            if (!entries.isEmpty() && entries.lastKey().compareTo(key) >= 0) {
                throw new UnreadableException("its entries are not in the order of their keys");
            }
            entries.put(key, new Entry(readText(in), readBytes(in)));
        }
        return new SessionRecord(header, recentSaves, entries);
    }

    private static SessionHeader readHeader(DataInputStream in)
            throws IOException, UnreadableException {
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

    private static List<Long> readNumbers(DataInputStream in)
            throws IOException, UnreadableException {
        int count = in.readUnsignedByte();
        if (count > MOST_NUMBERS) {
            throw new UnreadableException("it says that it has " + count + " epochs or saves");
        }
        List<Long> numbers = new ArrayList<>();
        for (int left = count; left > 0; left--) {
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

    private static String readText(DataInputStream in) throws IOException, UnreadableException {
        in.mark(Short.BYTES);
        int length = in.readUnsignedShort();
        if (length > in.available()) {
            throw new UnreadableException("a text says that it has " + length + " bytes");
        }
        in.reset();
        return in.readUTF(); // reads the length once more
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
