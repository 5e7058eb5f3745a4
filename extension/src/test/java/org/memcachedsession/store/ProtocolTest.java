package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
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
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore.Written;
import org.memcachedsession.session.StoredItem;
import org.memcachedsession.store.ServerCommand.AlienAnswerException;

/** What is sent, byte by byte, and what answers mean, wherever they are cut. */
class ProtocolTest {

    private static final ItemKey KEY = new ItemKey("the-key");
    private static final byte[] VALUE = "END\r\nHD\r\n".getBytes(ISO_8859_1);
    private static final Protocol CLASSIC = ClassicProtocol.INSTANCE;
    private static final Protocol META = MetaProtocol.INSTANCE;
    private static final Optional<StoredItem> NEAR =
            Optional.of(new StoredItem("near".getBytes(ISO_8859_1), 7, Optional.empty()));
    private static final Written SEVENTH = Written.stored(7);

    static Stream<Arguments> conversations() {
        return Stream.of(
                // command, request (# is its number), answer, meaning
                talk(
                        () -> META.load(KEY, OptionalInt.empty(), Optional.empty()),
                        "mg the-key v c t O#\r\n",
                        "VA 9 c7 t1799 O#\r\nEND\r\nHD\r\n\r\n",
                        "END\r\nHD\r\n 7 PT29M59S"),
                talk(
                        () -> META.load(KEY, OptionalInt.of(1800), Optional.empty()),
                        "mg the-key v c t T1800 O#\r\n",
                        "VA 0 c18446744073709551615 t0 O#\r\n\r\n",
                        " -1 PT0S"),
                talk(
                        () -> META.load(KEY, OptionalInt.empty(), Optional.empty()),
                        "mg the-key v c t O#\r\n",
                        "EN O#\r\n",
                        "nothing"),
                talk(
                        () -> META.load(KEY, OptionalInt.empty(), Optional.empty()),
                        "mg the-key v c t O#\r\n",
                        "VA 1 c7 t-1 O# W X Z\r\nx\r\n",
                        "x 7 PT0S"),
                talk(
                        () -> META.load(KEY, OptionalInt.of(9), NEAR),
                        "mg the-key v c t T9 C7 O#\r\n",
                        "HD c7 t5 O#\r\n",
                        "near 7 PT5S"),
                talk(
                        () -> META.load(KEY, OptionalInt.empty(), NEAR),
                        "mg the-key v c t C7 O#\r\n",
                        "VA 3 c8 t5 O#\r\nfar\r\n",
                        "far 8 PT5S"),
                talk(
                        () -> META.load(KEY, OptionalInt.empty(), NEAR),
                        "mg the-key v c t C7 O#\r\n",
                        "VA 3 c7 t5 O#\r\nfar\r\n", // before 1.6.40
                        "far 7 PT5S"),
                talk(
                        () -> META.add(KEY, VALUE, 60),
                        "ms the-key 9 ME c T60 O#\r\nEND\r\nHD\r\n\r\n",
                        "HD c7 O#\r\n",
                        SEVENTH),
                talk(
                        () -> META.add(KEY, VALUE, 60),
                        "ms the-key 9 ME c T60 O#\r\nEND\r\nHD\r\n\r\n",
                        "NS c0 O#\r\n",
                        Written.CHANGED),
                talk(
                        () -> META.cas(KEY, VALUE, -1, 60),
                        "ms the-key 9 C18446744073709551615 c T60 O#\r\nEND\r\nHD\r\n\r\n",
                        "HD c7 O#\r\n",
                        SEVENTH),
                talk(
                        () -> META.cas(KEY, VALUE, 6, 60),
                        "ms the-key 9 C6 c T60 O#\r\nEND\r\nHD\r\n\r\n",
                        "EX c0 O#\r\n",
                        Written.CHANGED),
                talk(
                        () -> META.cas(KEY, VALUE, 6, 60),
                        "ms the-key 9 C6 c T60 O#\r\nEND\r\nHD\r\n\r\n",
                        "NF c0 O#\r\n",
                        Written.MISSING),
                talk(
                        () -> META.replace(KEY, VALUE, 60),
                        "ms the-key 9 MR T60 O#\r\nEND\r\nHD\r\n\r\n",
                        "HD O#\r\n",
                        true),
                talk(
                        () -> META.replace(KEY, VALUE, 60),
                        "ms the-key 9 MR T60 O#\r\nEND\r\nHD\r\n\r\n",
                        "NS O#\r\n",
                        false),
                talk(() -> META.touch(KEY, 60), "mg the-key T60 O#\r\n", "HD O#\r\n", true),
                talk(() -> META.touch(KEY, 60), "mg the-key T60 O#\r\n", "EN O#\r\n", false),
                talk(() -> META.delete(KEY), "md the-key O#\r\n", "HD O#\r\n", true),
                talk(() -> META.delete(KEY), "md the-key O#\r\n", "NF O#\r\n", false),
                talk(
                        MetaProtocol::probe,
                        "mg memcached-session-probe-? v c t O#\r\n",
                        "EN O#\r\n",
                        true),
                talk(
                        MetaProtocol::probe,
                        "mg memcached-session-probe-? v c t O#\r\n",
                        "EN\r\n", // before 1.6.18
                        false),
                talk(
                        MetaProtocol::probe,
                        "mg memcached-session-probe-? v c t O#\r\n",
                        "ERROR\r\n",
                        false),
                talk(
                        MetaProtocol::probe,
                        "mg memcached-session-probe-? v c t O#\r\n",
                        "CLIENT_ERROR bad command line format\r\n",
                        false),
                talk(
                        () -> CLASSIC.load(KEY, OptionalInt.of(60), Optional.empty()),
                        "gets the-key\r\n",
                        "VALUE the-key 0 9 7\r\nEND\r\nHD\r\n\r\nEND\r\n",
                        "END\r\nHD\r\n 7 untold"),
                talk(
                        () -> CLASSIC.load(KEY, OptionalInt.empty(), Optional.empty()),
                        "gets the-key\r\n",
                        "END\r\n",
                        "nothing"),
                talk(
                        () -> CLASSIC.add(KEY, VALUE, 60),
                        "add the-key 0 60 9\r\nEND\r\nHD\r\n\r\n",
                        "STORED\r\n",
                        Written.stored()),
                talk(
                        () -> CLASSIC.cas(KEY, VALUE, 7, 60),
                        "cas the-key 0 60 9 7\r\nEND\r\nHD\r\n\r\n",
                        "EXISTS\r\n",
                        Written.CHANGED),
                talk(
                        () -> CLASSIC.replace(KEY, VALUE, 60),
                        "replace the-key 0 60 9\r\nEND\r\nHD\r\n\r\n",
                        "NOT_STORED\r\n",
                        false),
                talk(() -> CLASSIC.touch(KEY, 60), "touch the-key 60\r\n", "TOUCHED\r\n", true),
                talk(() -> CLASSIC.delete(KEY), "delete the-key\r\n", "NOT_FOUND\r\n", false));
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
        for (int cut = 0; cut <= answer.length(); cut++) {
            ServerCommand<?> command = commands.get();
            String number = number(command);
            assertThat(sent(command).replaceAll("probe-\\w+", "probe-?"))
                    .isEqualTo(request.replace("#", number));
            byte[] bytes = answer.replace("#", number).getBytes(ISO_8859_1);
            int at = Math.min(cut, bytes.length);

            assertThat(readAll(command, bytes, at)).isTrue();

            assertThat(told(command)).isEqualTo(meaning);
        }
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void anAnswerMayComeByteByByte(
            Supplier<ServerCommand<?>> commands, String request, String answer, Object meaning)
            throws Exception {
        ServerCommand<?> command = commands.get();
        byte[] bytes = answer.replace("#", number(command)).getBytes(ISO_8859_1);
        ByteBuffer received = ByteBuffer.allocate(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            received.put(bytes[i]).flip();
            boolean complete = command.read(received);
            assertThat(complete).isEqualTo(i == bytes.length - 1);
            received.compact();
        }

        assertThat(told(command)).isEqualTo(meaning);
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void whatFollowsAnAnswerIsLeftForTheNext(
            Supplier<ServerCommand<?>> commands, String request, String answer, Object meaning)
            throws Exception {
        ServerCommand<?> command = commands.get();
        ByteBuffer received =
                ByteBuffer.wrap(
                        (answer.replace("#", number(command)) + "HD Onext\r\n")
                                .getBytes(ISO_8859_1));

        assertThat(command.read(received)).isTrue();

        assertThat(ISO_8859_1.decode(received).toString()).isEqualTo("HD Onext\r\n");
        assertThat(told(command)).isEqualTo(meaning);
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void theAnswerToAnotherRequestIsNotTaken(
            Supplier<ServerCommand<?>> commands, String request, String answer, Object meaning) {
        if (!answer.contains("#")) {
            return; // the classic commands have no numbers
        }
        ServerCommand<?> command = commands.get();
        ServerCommand<?> next = commands.get();
        byte[] bytes = answer.replace("#", number(next)).getBytes(ISO_8859_1);

        assertThatThrownBy(() -> command.read(ByteBuffer.wrap(bytes)))
                .isInstanceOf(AlienAnswerException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HD c7 t7 O#\r\n", // nothing was near
                "HD O#\r\n",
                "VA 5 c7 O#\r\nhello\r\n",
                "VA 5 t7 O#\r\nhello\r\n",
                "VA 5 c7 t7\r\nhello\r\n",
                "VA c7 t7 O#\r\nhello\r\n",
                "VA 5 cx t7 O#\r\nhello\r\n",
                "VA 5 c7 tx O#\r\nhello\r\n",
                "VA -5 c7 t7 O#\r\nhello\r\n",
                "VA 2000000000 c7 t7 O#\r\nhello\r\n",
                "VA 99999999999 c7 t7 O#\r\nhello\r\n",
                "VA 4 c7 t7 O#\r\nhello\r\n",
                "VA 5 c7 t7 O#\nhello\r\n",
                "EN\r\n",
                "EN \r\n",
                "EN O\r\n",
                "NF O#\r\n",
                "XX O#\r\n",
                "ERROR\r\n",
                "CLIENT_ERROR bad command line format\r\n",
                "VALUE the-key 0 5 7\r\nhello\r\nEND\r\n",
                "END\r\n",
                "HTTP/1.1 400 Bad Request\r\n\r\n",
                "\r\n",
                "\n",
                "\u0000\u0001\u0002\u0003\u0004\r\n"
            })
    void aLoadTakesNothingElseForItsAnswer(String nonsense) {
        ServerCommand<?> command = META.load(KEY, OptionalInt.empty(), Optional.empty());
        byte[] bytes = nonsense.replace("#", number(command)).getBytes(ISO_8859_1);

        assertThatThrownBy(() -> command.read(ByteBuffer.wrap(bytes)))
                .isInstanceOf(AlienAnswerException.class);
    }

    @Test
    void thatAnItemHasNotChangedIsBelievedOfTheVersionThatIsNearAlone() {
        for (String answer : new String[] {"HD c8 t5 O#\r\n", "HD t5 O#\r\n", "HD c7 O#\r\n"}) {
            ServerCommand<?> command = META.load(KEY, OptionalInt.empty(), NEAR);
            byte[] bytes = answer.replace("#", number(command)).getBytes(ISO_8859_1);

            assertThatThrownBy(() -> command.read(ByteBuffer.wrap(bytes)))
                    .isInstanceOf(AlienAnswerException.class);
        }
    }

    @Test
    void whatAServerRefusesToKeepForItsSizeGoesByCommandsThatLeaveTheOldItem() {
        byte[] large = new byte[MetaProtocol.LONGEST_BY_META + 1];

        assertThat(META.add(KEY, large, 60).name()).isEqualTo("add");
        assertThat(META.cas(KEY, large, 7, 60).name()).isEqualTo("cas");
        assertThat(META.replace(KEY, large, 60).name()).isEqualTo("replace");
    }

    @Test
    void noTwoRequestsHaveOneNumber() {
        assertThat(Stream.generate(() -> number(META.delete(KEY))).limit(100_000))
                .doesNotHaveDuplicates();
    }

    private static String sent(ServerCommand<?> command) {
        command.encode();
        return ISO_8859_1.decode(command.getIoBuffer().buf().duplicate()).toString();
    }

    private static String number(ServerCommand<?> command) {
        return sent(command).replaceAll("(?s).* O([0-9a-z-]+)\r\n.*", "$1");
    }

    private static boolean readAll(ServerCommand<?> command, byte[] bytes, int cut) {
        ByteBuffer received = ByteBuffer.allocate(bytes.length);
        received.put(bytes, 0, cut).flip();
        boolean complete = command.read(received);
        if (!complete) {
            received.compact();
            received.put(bytes, cut, bytes.length - cut).flip();
            complete = command.read(received);
        }
        assertThat(received.hasRemaining()).isFalse();
        return complete;
    }

    private static Object told(ServerCommand<?> command)
            throws InterruptedException, ExecutionException, java.util.concurrent.TimeoutException {
        Object answer = command.await(Duration.ZERO);
        if (!(answer instanceof Optional<?> found)) {
            return answer;
        }
        if (found.isEmpty()) {
            return "nothing";
        }
        StoredItem item = (StoredItem) found.get();
        return new String(item.value(), ISO_8859_1)
                + ' '
                + item.version()
                + ' '
                + item.timeLeft().map(Duration::toString).orElse("untold");
    }
}
