package org.memcachedsession.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Queue;
import java.util.function.Consumer;
import net.rubyeye.xmemcached.command.Command;
import net.rubyeye.xmemcached.command.OperationStatus;

/**
 * What goes out on a connection: requests of threads that meet go together. Outside the heap, so that no thread
 * of a server keeps a copy as long as the longest request. For one thread at a time.
 */
final class SendBuffer {

    private static final int SIZE = 64 * 1024;

    /** So many full buffers, and a thread has sent enough for others. */
    private static final int TURNS = 16;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(SIZE);
    private Command begun;

    /**
     * @param onBegin told of each request before its first byte leaves
     * @return whether all is sent; if not, to be called again when the channel takes more
     */
    boolean send(Queue<?> waiting, Consumer<Command> onBegin, WritableByteChannel channel)
            throws IOException {
        for (int turn = 0; turn < TURNS; turn++) {
            fill(waiting, onBegin);
            bytes.flip();
            try {
                if (!bytes.hasRemaining()) {
                    return true;
                }
                channel.write(bytes);
                if (bytes.hasRemaining()) {
                    return false;
                }
            } finally {
                bytes.compact();
            }
        }
        return begun == null && waiting.isEmpty();
    }

    private void fill(Queue<?> waiting, Consumer<Command> onBegin) {
        while (bytes.hasRemaining() && (begun != null || begin(waiting, onBegin))) {
            ByteBuffer request = begun.getIoBuffer().buf();
            int length = Math.min(request.remaining(), bytes.remaining());
            bytes.put(bytes.position(), request, request.position(), length);
            bytes.position(bytes.position() + length);
            request.position(request.position() + length);
            if (!request.hasRemaining()) {
                begun = null;
            }
        }
    }

    /** Passes over those that nobody waits for any more. */
    private boolean begin(Queue<?> waiting, Consumer<Command> onBegin) {
        do {
            begun = (Command) waiting.poll();
        } while (begun != null && begun.isCancel());
        if (begun == null) {
            return false;
        }
        begun.setStatus(OperationStatus.WRITING);
        onBegin.accept(begun);
        return true;
    }
}
