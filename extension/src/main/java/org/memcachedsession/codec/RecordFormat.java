package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.UTFDataFormatException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
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
        ByteBuffer out = ByteBuffer.allocate(size(content));
        if (content instanceof SessionRecord session) {
            out.put((byte) SESSION);
            write(session.header(), out);
            write(session, out);
        } else {
            write((Tombstone) content, out);
        }
        return out.array();
    }

    private static int size(ItemContent content) {
        if (!(content instanceof SessionRecord session)) {
            return 1
                    + 2 * Long.BYTES
                    + (((Tombstone) content).successor().isPresent() ? SessionId.BYTES : 0);
        }
        SessionHeader header = session.header();
        long size = 1 + 4 * Long.BYTES + 2 * Integer.BYTES;
        size += 1 + header.principal().map(principal -> principal.text().length()).orElse(0);
        size += 1 + Long.BYTES * header.epochs().size();
        size += 1 + Long.BYTES * session.recentSaves().size();
        size += Integer.BYTES;
        for (Map.Entry<BeanKey, Entry> named : session.entries().entrySet()) {
            Entry entry = named.getValue();
            size += ModifiedUtf8.size(named.getKey().text());
            size += ModifiedUtf8.size(entry.boundTo());
            size += Integer.BYTES + entry.bytes().length;
        }
        return Math.toIntExact(size);
    }

    private static void write(SessionHeader header, ByteBuffer out) {
        out.putLong(header.createdAt().toEpochMilli());
        out.putLong(header.authenticatedAt().map(Instant::toEpochMilli).orElse(NEVER));
        out.putLong(header.idSince().toEpochMilli());
        out.putLong(header.lastAccessedAt().toEpochMilli());
        out.putInt(Math.toIntExact(header.idleTimeout().toSeconds()));
        out.putInt(Math.toIntExact(header.absoluteTimeout().toSeconds()));
        byte[] principal =
                header.principal().map(PrincipalHash::text).orElse("").getBytes(US_ASCII);
        out.put((byte) principal.length).put(principal);
        writeNumbers(header.epochs(), out);
    }

    private static void write(SessionRecord session, ByteBuffer out) {
        if (session.entries().size() > MOST_ENTRIES) {
            throw new SessionException(
                    "The session was not saved: it has "
                            + session.entries().size()
                            + " beans, and "
                            + MOST_ENTRIES
                            + " are the most. Keep what there are many of in one bean");
        }
        writeNumbers(session.recentSaves(), out);
        out.putInt(session.entries().size());
        for (Map.Entry<BeanKey, Entry> named : session.entries().entrySet()) {
            Entry entry = named.getValue();
            ModifiedUtf8.write(named.getKey().text(), out);
            ModifiedUtf8.write(entry.boundTo(), out);
            out.putInt(entry.bytes().length).put(entry.bytes());
        }
    }

    private static void writeNumbers(List<Long> numbers, ByteBuffer out) {
        if (numbers.size() > MOST_NUMBERS) {
            throw new IllegalStateException(numbers.size() + " epochs or saves");
        }
        out.put((byte) numbers.size());
        for (long number : numbers) {
            out.putLong(number);
        }
    }

    private static void write(Tombstone tombstone, ByteBuffer out) {
        out.put((byte) (1 + CAUSES.indexOf(tombstone.cause())));
        out.putLong(tombstone.since().toEpochMilli());
        out.putLong(tombstone.number());
        tombstone.successor().ifPresent(successor -> out.put(successor.bytes()));
    }

    /** What {@link #read} makes of what {@link #write} gives for it, with the same bytes of beans. */
    static ItemContent asRead(ItemContent content) {
        if (content instanceof SessionRecord session) {
            return new SessionRecord(
                    asRead(session.header()), session.recentSaves(), session.entries());
        }
        Tombstone tombstone = (Tombstone) content;
        return new Tombstone(
                tombstone.cause(),
                asRead(tombstone.since()),
                tombstone.number(),
                tombstone.successor());
    }

    private static SessionHeader asRead(SessionHeader header) {
        return new SessionHeader(
                asRead(header.createdAt()),
                header.authenticatedAt().map(RecordFormat::asRead),
                asRead(header.idSince()),
                asRead(header.lastAccessedAt()),
                Duration.ofSeconds(header.idleTimeout().toSeconds()),
                Duration.ofSeconds(header.absoluteTimeout().toSeconds()),
                header.principal(),
                header.epochs());
    }

    private static Instant asRead(Instant time) {
        return Instant.ofEpochMilli(time.toEpochMilli());
    }

    static ItemContent read(byte[] bytes) throws UnreadableException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            int kind = Byte.toUnsignedInt(in.get());
            ItemContent content = kind == SESSION ? readSession(in) : readTombstone(kind, in);
            if (in.hasRemaining()) {
                throw new UnreadableException("it does not end where it says");
            }
            return content;
        } catch (BufferUnderflowException
                | UTFDataFormatException
                | DateTimeException
                | IllegalArgumentException e) {
            throw new UnreadableException("it is cut or garbled", e);
        }
    }

    private static SessionRecord readSession(ByteBuffer in)
            throws UTFDataFormatException, UnreadableException {
        SessionHeader header = readHeader(in);
        List<Long> recentSaves = readNumbers(in);
        int count = in.getInt();
        if (count < 0 || count > MOST_ENTRIES || count > in.remaining() / SMALLEST_ENTRY) {
            throw new UnreadableException("it says that it has " + count + " entries");
        }
        SortedMap<BeanKey, Entry> entries = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            BeanKey key = new BeanKey(ModifiedUtf8.read(in));
            if (!entries.isEmpty() && entries.lastKey().compareTo(key) >= 0) {
                throw new UnreadableException("its entries are not in the order of their keys");
            }
            entries.put(key, new Entry(ModifiedUtf8.read(in), readBytes(in)));
        }
        return new SessionRecord(header, recentSaves, entries);
    }

    private static SessionHeader readHeader(ByteBuffer in) throws UnreadableException {
        Instant createdAt = Instant.ofEpochMilli(in.getLong());
        long authenticatedAt = in.getLong();
        Instant idSince = Instant.ofEpochMilli(in.getLong());
        Instant lastAccessedAt = Instant.ofEpochMilli(in.getLong());
        Duration idleTimeout = Duration.ofSeconds(in.getInt());
        Duration absoluteTimeout = Duration.ofSeconds(in.getInt());
        String principal = new String(read(Byte.toUnsignedInt(in.get()), in), US_ASCII);
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

    private static List<Long> readNumbers(ByteBuffer in) throws UnreadableException {
        int count = Byte.toUnsignedInt(in.get());
        if (count > MOST_NUMBERS) {
            throw new UnreadableException("it says that it has " + count + " epochs or saves");
        }
        List<Long> numbers = new ArrayList<>();
        for (int left = count; left > 0; left--) {
            numbers.add(in.getLong());
        }
        return numbers;
    }

    private static Tombstone readTombstone(int kind, ByteBuffer in) throws UnreadableException {
        if (kind > CAUSES.size()) {
            throw new UnreadableException(
                    "it is of a kind that this version does not know, " + kind);
        }
        Tombstone.Cause cause = CAUSES.get(kind - 1);
        Instant since = Instant.ofEpochMilli(in.getLong());
        long number = in.getLong();
        Optional<SessionId> successor =
                cause == Tombstone.Cause.RENEWAL ? Optional.of(readId(in)) : Optional.empty();
        return new Tombstone(cause, since, number, successor);
    }

    private static SessionId readId(ByteBuffer in) throws UnreadableException {
        String text = Base64.getUrlEncoder().encodeToString(read(SessionId.BYTES, in));
        return SessionId.parse(text)
                .orElseThrow(() -> new UnreadableException("its successor has no id"));
    }

    private static byte[] readBytes(ByteBuffer in) throws UnreadableException {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new UnreadableException("an entry says that it has " + length + " bytes");
        }
        return read(length, in);
    }

    private static byte[] read(int length, ByteBuffer in) {
        if (length > in.remaining()) { // before anything is allocated
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
