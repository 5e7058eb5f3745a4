package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import net.rubyeye.xmemcached.command.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.session.ItemKey;

class SendBufferTest {

    private final SendBuffer buffer = new SendBuffer();
    private final Queue<Command> waiting = new ArrayDeque<>();
    private final List<Command> begun = new ArrayList<>();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    @Test
    void requestsThatMeetGoTogether() throws IOException {
        Command one = request(10);
        Command two = request(10);
        int[] writes = {0};

        boolean isAllSent =
                buffer.send(
                        waiting,
                        begun::add,
                        new Channel() {
                            @Override
                            public int write(ByteBuffer bytes) {
                                writes[0]++;
                                return take(bytes, bytes.remaining());
                            }
                        });

        assertThat(isAllSent).isTrue();
        assertThat(writes[0]).isEqualTo(1);
        assertThat(begun).containsExactly(one, two);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000, 65_536, 1_000_000})
    void everyByteGoesOutOnceAndInOrderHoweverFewTheSocketTakes(int atMost) throws IOException {
        ByteArrayOutputStream wanted = new ByteArrayOutputStream();
        for (int size : new int[] {1, 100, 65_000, 70_000, 3, 200_000}) {
            wanted.write(bytes(request(size)));
        }

        Channel socket =
                new Channel() {
                    @Override
                    public int write(ByteBuffer bytes) {
                        return take(bytes, atMost);
                    }
                };
        while (!buffer.send(waiting, begun::add, socket)) {
            // as the reactor thread does, each time that the socket takes more
        }

        assertThat(sent.toByteArray()).isEqualTo(wanted.toByteArray());
        assertThat(begun).hasSize(6);
    }

    @Test
    void aRequestThatNobodyWaitsForAnyMoreIsNotSent() throws IOException {
        ((ServerCommand<?>) request(10)).abandon();
        Command two = request(10);

        buffer.send(waiting, begun::add, everything());

        assertThat(begun).containsExactly(two);
        assertThat(sent.toByteArray()).isEqualTo(bytes(two));
    }

    @Test
    void aRequestThatIsHalfSentIsSentToItsEndThoughNobodyWaitsForItAnyMore() throws IOException {
        Command one = request(100_000);
        byte[] wanted = bytes(one);
        boolean isAllSent =
                buffer.send(
                        waiting,
                        begun::add,
                        new Channel() {
                            @Override
                            public int write(ByteBuffer bytes) {
                                return take(bytes, 10);
                            }
                        });
        assertThat(isAllSent).isFalse();

        ((ServerCommand<?>) one).abandon();
        buffer.send(waiting, begun::add, everything());

        assertThat(sent.toByteArray()).isEqualTo(wanted);
    }

    @Test
    void whoSendsForOthersDoesNotDoSoForEver() throws IOException {
        for (int i = 0; i < 100; i++) {
            request(64 * 1024);
        }

        assertThat(buffer.send(waiting, begun::add, everything())).isFalse();
        assertThat(begun).hasSizeBetween(2, 50);
    }

    private Command request(int size) {
        Command command =
                MetaProtocol.INSTANCE.add(
                        new ItemKey("key-" + waiting.size()),
                        "x".repeat(size).getBytes(US_ASCII),
                        60);
        command.encode();
        waiting.add(command);
        return command;
    }

    private static byte[] bytes(Command command) {
        ByteBuffer bytes = command.getIoBuffer().buf().duplicate().rewind();
        byte[] all = new byte[bytes.remaining()];
        bytes.get(all);
        return all;
    }

    private Channel everything() {
        return new Channel() {
            @Override
            public int write(ByteBuffer bytes) {
                return take(bytes, bytes.remaining());
            }
        };
    }

    private abstract class Channel implements WritableByteChannel {

        int take(ByteBuffer bytes, int atMost) {
            byte[] taken = new byte[Math.min(atMost, bytes.remaining())];
            bytes.get(taken);
            sent.writeBytes(taken);
            return taken.length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // nothing to close
        }
    }
}
