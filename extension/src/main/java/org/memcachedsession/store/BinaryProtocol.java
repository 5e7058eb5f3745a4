package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import net.rubyeye.xmemcached.command.CommandType;
import org.memcachedsession.SessionSettings.Credentials;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore.Written;
import org.memcachedsession.session.StoredItem;

/**
 * memcached's binary protocol (doc/protocol-binary.txt there), since SASL is a part of that alone: a server that was
 * started with {@code -S} understands nothing else. It tells versions, and not the time left of an item.
 *
 * <p>Each request has a number, which its answer has to say again: so no answer is taken for that to
 * another request.
 */
final class BinaryProtocol implements Protocol {

    static final BinaryProtocol INSTANCE = new BinaryProtocol();

    private static final int HEADER = 24;
    private static final byte REQUEST = (byte) 0x80;
    private static final byte RESPONSE = (byte) 0x81;

    private static final byte GET = 0x00;
    private static final byte ADD = 0x02;
    private static final byte REPLACE = 0x03;
    private static final byte DELETE = 0x04;
    private static final byte TOUCH = 0x1c;
    private static final byte SASL_AUTH = 0x21;

    private static final int DONE = 0x00;
    private static final int NOT_FOUND = 0x01;
    private static final int EXISTS = 0x02;
    private static final int TOO_LARGE = 0x03;
    private static final int NOT_AUTHENTICATED = 0x20;
    private static final int UNKNOWN_COMMAND = 0x81;
    private static final int OUT_OF_MEMORY = 0x82;
    private static final int BUSY = 0x85;
    private static final int FAILURE = 0x86;

    private static final byte[] NOTHING = {};
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private BinaryProtocol() {}

    /** Says who asks, by SASL PLAIN. On a connection whose server knows no binary protocol, it has no answer. */
    static ServerCommand<Boolean> authenticate(Credentials credentials) {
        byte[] plain =
                ('\0' + credentials.username() + '\0' + credentials.password()).getBytes(UTF_8);
        return new Binary<>(
                "sasl auth",
                CommandType.NOOP,
                request(SASL_AUTH, "PLAIN", NOTHING, plain, 0),
                answer ->
                        switch (answer.status) {
                            case DONE -> true;
                            case NOT_AUTHENTICATED ->
                                    throw new ServerCommand.NotAuthenticatedException(
                                            "it does not take the user name and password of"
                                                    + " memcached.session.username and"
                                                    + " memcached.session.password. Correct them here,"
                                                    + " or among its users of SASL (saslpasswd2)");
                            case UNKNOWN_COMMAND ->
                                    throw new ServerCommand.NotAuthenticatedException(
                                            "it has no SASL. Start it with -S, or set"
                                                    + " memcached.session.authentication to token");
                            default -> throw answer.isToSomethingElse();
                        });
    }

    /** The time stays: a {@code touch} of its own would have to follow. And all bytes are sent. */
    @Override
    public ServerCommand<Optional<StoredItem>> load(
            ItemKey key, OptionalInt expirySeconds, Optional<StoredItem> near) {
        return new Binary<>(
                "get",
                CommandType.GETS_MANY,
                request(GET, key.text(), NOTHING, NOTHING, 0),
                answer ->
                        switch (answer.status) {
                            case DONE ->
                                    Optional.of(
                                            new StoredItem(
                                                    answer.value,
                                                    answer.version,
                                                    Optional.empty()));
                            case NOT_FOUND -> Optional.empty();
                            default -> throw answer.isToSomethingElse();
                        });
    }

    @Override
    public ServerCommand<Written> add(ItemKey key, byte[] value, int expirySeconds) {
        return new Binary<>(
                "add",
                CommandType.ADD,
                storing(ADD, key, value, 0, expirySeconds),
                answer ->
                        switch (answer.status) {
                            case DONE -> Written.stored(answer.version);
                            case EXISTS -> Written.CHANGED;
                            default -> throw answer.isToSomethingElse();
                        });
    }

    /** Not by {@code set}: for an item that it does not take for its size, a server drops the old one then. */
    @Override
    public ServerCommand<Written> cas(ItemKey key, byte[] value, long version, int expirySeconds) {
        return new Binary<>(
                "replace",
                CommandType.CAS,
                storing(REPLACE, key, value, version, expirySeconds),
                answer ->
                        switch (answer.status) {
                            case DONE -> Written.stored(answer.version);
                            case EXISTS -> Written.CHANGED;
                            case NOT_FOUND -> Written.MISSING;
                            default -> throw answer.isToSomethingElse();
                        });
    }

    @Override
    public ServerCommand<Boolean> replace(ItemKey key, byte[] value, int expirySeconds) {
        return new Binary<>(
                "replace",
                CommandType.REPLACE,
                storing(REPLACE, key, value, 0, expirySeconds),
                Answer::isDone);
    }

    @Override
    public ServerCommand<Boolean> touch(ItemKey key, int expirySeconds) {
        byte[] extras = ByteBuffer.allocate(Integer.BYTES).putInt(expirySeconds).array();
        return new Binary<>(
                "touch",
                CommandType.TOUCH,
                request(TOUCH, key.text(), extras, NOTHING, 0),
                Answer::isDone);
    }

    @Override
    public ServerCommand<Boolean> delete(ItemKey key) {
        return new Binary<>(
                "delete",
                CommandType.DELETE,
                request(DELETE, key.text(), NOTHING, NOTHING, 0),
                Answer::isDone);
    }

    private static byte[] storing(
            byte opcode, ItemKey key, byte[] value, long version, int expirySeconds) {
        byte[] extras =
                ByteBuffer.allocate(2 * Integer.BYTES).putInt(0).putInt(expirySeconds).array();
        return request(opcode, key.text(), extras, value, version);
    }

    private static byte[] request(
            byte opcode, String key, byte[] extras, byte[] value, long version) {
        int body = extras.length + key.length() + value.length;
        return ByteBuffer.allocate(HEADER + body)
                .put(REQUEST)
                .put(opcode)
                .putShort((short) key.length())
                .put((byte) extras.length)
                .put((byte) 0) // raw bytes
                .putShort((short) 0) // reserved
                .putInt(body)
                .putInt(NUMBERS.getAndIncrement())
                .putLong(version)
                .put(extras)
                .put(key.getBytes(US_ASCII))
                .put(value)
                .array();
    }

    /** What an answer means. */
    private interface Meaning<T> {
        T of(Answer answer);
    }

    /** A header of 24 bytes, and as many more as it says: extras, key and value. */
    private static final class Binary<T> extends ServerCommand<T> {

        private final byte opcode;
        private final int number;
        private final Meaning<T> meaning;
        private ByteBuffer header;
        private ByteBuffer body;

        Binary(String name, CommandType type, byte[] request, Meaning<T> meaning) {
            super(name, type, request);
            ByteBuffer asked = ByteBuffer.wrap(request);
            this.opcode = asked.get(1);
            this.number = asked.getInt(12);
            this.meaning = meaning;
        }

        @Override
        boolean read(ByteBuffer bytes) {
            if (header == null && !readHeader(bytes)) {
                return false;
            }
            while (body.hasRemaining() && bytes.hasRemaining()) {
                int now = Math.min(body.remaining(), bytes.remaining());
                bytes.get(body.array(), body.position(), now);
                body.position(body.position() + now);
            }
            if (body.hasRemaining()) {
                return false;
            }
            understand(answer());
            return true;
        }

        /** The first byte tells at once whether this is the binary protocol. */
        private boolean readHeader(ByteBuffer bytes) {
            if (bytes.hasRemaining() && bytes.get(bytes.position()) != RESPONSE) {
                throw new AlienAnswerException("what is not of the binary protocol");
            }
            if (bytes.remaining() < HEADER) {
                return false;
            }
            byte[] read = new byte[HEADER];
            bytes.get(read);
            ByteBuffer next = ByteBuffer.wrap(read);
            int length = next.getInt(8);
            if (next.get(1) != opcode || next.getInt(12) != number) {
                throw new AlienAnswerException("an answer to something else");
            }
            if (length < 0 || length > ValueReader.LONGEST) {
                throw new AlienAnswerException("an item of " + length + " bytes");
            }
            header = next;
            body = ByteBuffer.allocate(length);
            return true;
        }

        private Answer answer() {
            int before =
                    Short.toUnsignedInt(header.getShort(2)) + Byte.toUnsignedInt(header.get(4));
            if (before > body.capacity()) {
                throw new AlienAnswerException("an item shorter than its key");
            }
            return new Answer(
                    Short.toUnsignedInt(header.getShort(6)),
                    header.getLong(16),
                    Arrays.copyOfRange(body.array(), before, body.capacity()));
        }

        private void understand(Answer answer) {
            switch (answer.status) {
                case TOO_LARGE -> setException(new TooLargeException(answer.words()));
                case OUT_OF_MEMORY, BUSY, FAILURE ->
                        setException(new RefusedException(answer.words()));
                default -> {
                    try {
                        complete(meaning.of(answer));
                    } catch (NotAuthenticatedException refused) {
                        setException(refused);
                    }
                }
            }
        }
    }

    /**
     * What a server has said.
     *
     * @param version of the item, where there is one
     * @param value of the item, or the status in words
     */
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Answer(int status, long version, byte[] value) {

        boolean isDone() {
            if (status == DONE) {
                return true;
            }
            if (status == NOT_FOUND) {
                return false;
            }
            throw isToSomethingElse();
        }

        String words() {
            return "status "
                    + status
                    + ", "
                    + ServerCommand.printable(new String(value, ISO_8859_1));
        }

        ServerCommand.AlienAnswerException isToSomethingElse() {
            return new ServerCommand.AlienAnswerException("status " + status);
        }
    }
}
