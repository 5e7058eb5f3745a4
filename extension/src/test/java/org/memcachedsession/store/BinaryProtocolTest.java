package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.SessionSettings.Authentication;
import org.memcachedsession.SessionSettings.Credentials;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore.Written;
import org.memcachedsession.session.StoredItem;
import org.memcachedsession.store.ServerCommand.AlienAnswerException;
import org.memcachedsession.store.ServerCommand.NotAuthenticatedException;
import org.memcachedsession.store.ServerCommand.RefusedException;
import org.memcachedsession.store.ServerCommand.TooLargeException;

/** What is sent, byte by byte, and what answers mean, wherever they are cut. */
class BinaryProtocolTest {

    private static final ItemKey KEY = new ItemKey("key");
    private static final byte[] VALUE = "val".getBytes(ISO_8859_1);
    private static final Protocol BINARY = BinaryProtocol.INSTANCE;
    private static final Credentials SHOP = new Credentials("u", "p", Authentication.SASL);

    /** In hexadecimal; ######## is the number of the request. */
    static Stream<Arguments> conversations() {
        return Stream.of(
                // command, request, answer, meaning
                talk(
                        () -> BINARY.load(KEY, OptionalInt.of(60), Optional.empty()),
                        "80 00 0003 00 00 0000 00000003 ######## 0000000000000000 6b6579",
                        "81 00 0000 04 00 0000 00000007 ######## ffffffffffffffff 00000000 76616c",
                        "val -1"),
                talk(
                        () -> BINARY.load(KEY, OptionalInt.empty(), Optional.empty()),
                        "80 00 0003 00 00 0000 00000003 ######## 0000000000000000 6b6579",
                        "81 00 0003 04 00 0000 00000007 ######## 0000000000000007 00000000 6b6579",
                        " 7"), // an empty value, with its key
                talk(
                        () -> BINARY.load(KEY, OptionalInt.empty(), Optional.empty()),
                        "80 00 0003 00 00 0000 00000003 ######## 0000000000000000 6b6579",
                        "81 00 0000 00 00 0001 00000002 ######## 0000000000000000 6e6f",
                        "nothing"),
                talk(
                        () -> BINARY.add(KEY, VALUE, 60),
                        "80 02 0003 08 00 0000 0000000e ######## 0000000000000000 00000000 0000003c"
                                + " 6b6579 76616c",
                        "81 02 0000 00 00 0000 00000000 ######## 0000000000000007",
                        Written.stored(7)),
                talk(
                        () -> BINARY.add(KEY, VALUE, 60),
                        "80 02 0003 08 00 0000 0000000e ######## 0000000000000000 00000000 0000003c"
                                + " 6b6579 76616c",
                        "81 02 0000 00 00 0002 00000000 ######## 0000000000000000",
                        Written.CHANGED),
                talk(
                        () -> BINARY.cas(KEY, VALUE, -2, 2_592_000),
                        "80 03 0003 08 00 0000 0000000e ######## fffffffffffffffe 00000000 00278d00"
                                + " 6b6579 76616c",
                        "81 03 0000 00 00 0000 00000000 ######## 0000000000000008",
                        Written.stored(8)),
                talk(
                        () -> BINARY.cas(KEY, VALUE, 7, 60),
                        "80 03 0003 08 00 0000 0000000e ######## 0000000000000007 00000000 0000003c"
                                + " 6b6579 76616c",
                        "81 03 0000 00 00 0002 00000000 ######## 0000000000000000",
                        Written.CHANGED),
                talk(
                        () -> BINARY.cas(KEY, VALUE, 7, 60),
                        "80 03 0003 08 00 0000 0000000e ######## 0000000000000007 00000000 0000003c"
                                + " 6b6579 76616c",
                        "81 03 0000 00 00 0001 00000000 ######## 0000000000000000",
                        Written.MISSING),
                talk(
                        () -> BINARY.replace(KEY, VALUE, 60),
                        "80 03 0003 08 00 0000 0000000e ######## 0000000000000000 00000000 0000003c"
                                + " 6b6579 76616c",
                        "81 03 0000 00 00 0000 00000000 ######## 0000000000000008",
                        true),
                talk(
                        () -> BINARY.touch(KEY, 60),
                        "80 1c 0003 04 00 0000 00000007 ######## 0000000000000000 0000003c 6b6579",
                        "81 1c 0000 04 00 0000 00000004 ######## 0000000000000008 00000000",
                        true),
                talk(
                        () -> BINARY.delete(KEY),
                        "80 04 0003 00 00 0000 00000003 ######## 0000000000000000 6b6579",
                        "81 04 0000 00 00 0001 00000000 ######## 0000000000000000",
                        false),
                talk(
                        () -> BinaryProtocol.authenticate(SHOP),
                        "80 21 0005 00 00 0000 00000009 ######## 0000000000000000 504c41494e 00750070",
                        "81 21 0000 00 00 0000 00000002 ######## 0000000000000000 6f6b",
                        true));
    }

    private static Arguments talk(
            Supplier<ServerCommand<?>> command, String request, String answer, Object meaning) {
        return Arguments.of(command, request, answer, meaning);
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void aCommandIsSentAndItsAnswerUnderstoodWhereverItIsCut(
            Supplier<ServerCommand<?>> commands, String request, String answer, Object meaning)
            throws Exception {
        int length = bytes(answer, 0).length;
        for (int cut = 0; cut < length; cut++) {
            ServerCommand<?> command = commands.get();
            byte[] sent = sent(command);
            assertThat(sent).isEqualTo(bytes(request, number(sent)));
            byte[] answered = bytes(answer, number(sent));
            ByteBuffer received = ByteBuffer.allocate(length + 1);

            received.put(answered, 0, cut).flip();
            assertThat(command.read(received)).isFalse();
            received.compact();
            received.put(answered, cut, length - cut).put((byte) 0x81).flip();
            assertThat(command.read(received)).isTrue();

            assertThat(received.remaining()).isOne(); // of the next answer
            assertThat(told(command)).isEqualTo(meaning);
        }
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void theAnswerToAnotherRequestIsNotTaken(
            Supplier<ServerCommand<?>> commands, String request, String answer, Object meaning) {
        ServerCommand<?> command = commands.get();
        byte[] toTheNext = bytes(answer, number(sent(commands.get())));

        assertThatThrownBy(() -> command.read(ByteBuffer.wrap(toTheNext)))
                .isInstanceOf(AlienAnswerException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "45 52 52 4f 52 0d 0a", // ERROR
                "80", // a request
                "81 04 0000 00 00 0000 00000000 ######## 0000000000000000", // of a delete
                "81 00 0000 00 00 0002 00000000 ######## 0000000000000000",
                "81 00 0000 00 00 0020 00000000 ######## 0000000000000000",
                "81 00 0000 00 00 0081 00000000 ######## 0000000000000000",
                "81 00 0000 04 00 0000 00000003 ######## 0000000000000007 000000",
                "81 00 ffff 04 00 0000 00000004 ######## 0000000000000007 00000000",
                "81 00 0000 04 00 0000 ffffffff ######## 0000000000000007 00000000",
                "81 00 0000 04 00 0000 7fffffff ######## 0000000000000007 00000000"
            })
    void aLoadTakesNothingElseForItsAnswer(String nonsense) {
        ServerCommand<?> command = BINARY.load(KEY, OptionalInt.empty(), Optional.empty());
        byte[] answer = bytes(nonsense, number(sent(command)));

        assertThatThrownBy(() -> command.read(ByteBuffer.wrap(answer)))
                .isInstanceOf(AlienAnswerException.class);
    }

    @Test
    void whatAServerCannotDoIsToldApart() {
        assertThat(refusal(BINARY.cas(KEY, VALUE, 7, 60), "0003"))
                .isInstanceOf(TooLargeException.class);
        assertThat(refusal(BINARY.cas(KEY, VALUE, 7, 60), "0082"))
                .isInstanceOf(RefusedException.class)
                .hasMessage("status 130, n?o");
        assertThat(refusal(BinaryProtocol.authenticate(SHOP), "0020"))
                .isInstanceOf(NotAuthenticatedException.class);
        assertThat(refusal(BinaryProtocol.authenticate(SHOP), "0081"))
                .isInstanceOf(NotAuthenticatedException.class)
                .hasMessageContaining("-S");
    }

    private static Throwable refusal(ServerCommand<?> command, String status) {
        byte[] sent = sent(command);
        String opcode = HexFormat.of().toHexDigits(sent[1]);
        String answer =
                "81 "
                        + opcode
                        + " 0000 00 00 "
                        + status
                        + " 00000003 ######## 0000000000000000 6e0a6f";
        assertThat(command.read(ByteBuffer.wrap(bytes(answer, number(sent))))).isTrue();
        try {
            throw new AssertionError(command.await(Duration.ZERO));
        } catch (ExecutionException refused) {
            return refused.getCause();
        } catch (InterruptedException | java.util.concurrent.TimeoutException none) {
            throw new AssertionError(none);
        }
    }

    private static byte[] sent(ServerCommand<?> command) {
        command.encode();
        ByteBuffer buffer = command.getIoBuffer().buf().duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static int number(byte[] sent) {
        return ByteBuffer.wrap(sent).getInt(12);
    }

    private static byte[] bytes(String hexadecimal, int number) {
        return HexFormat.of()
                .parseHex(
                        hexadecimal
                                .replace("########", HexFormat.of().toHexDigits(number))
                                .replace(" ", ""));
    }

    private static Object told(ServerCommand<?> command) throws Exception {
        Object answer = command.await(Duration.ZERO);
        if (!(answer instanceof Optional<?> found)) {
            return answer;
        }
        if (found.isEmpty()) {
            return "nothing";
        }
        StoredItem item = (StoredItem) found.get();
        assertThat(item.timeLeft()).isEmpty();
        return new String(item.value(), ISO_8859_1) + ' ' + item.version();
    }
}
