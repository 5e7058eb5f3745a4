package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.code.yanf4j.buffer.IoBuffer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import net.rubyeye.xmemcached.command.Command;
import net.rubyeye.xmemcached.command.CommandType;
import net.rubyeye.xmemcached.command.OperationStatus;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;

/**
 * A request and its answer. {@link ReadingCallers} say who reads it; the calling thread awaits it.
 *
 * <p>memcached's text protocol numbers nothing: the first answer belongs to the first request. So an
 * answer is taken only if every byte of it can be one to this request. Anything else means that we
 * no longer know where in the stream we are: {@link #decode} throws, and the connection ends.
 *
 * @param <T> what the answer says
 */
abstract class ServerCommand<T> extends Command {

    private static final int LONGEST_LINE = 1024;

    /** memcached's words for it since 1.2, and those of what speaks its protocol. */
    private static final String TOO_LARGE = "SERVER_ERROR object too large";

    private final String name;
    private final byte[] request;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private volatile boolean abandoned;
    private volatile Thread waiting;

    /**
     * @param name the protocol's word for it, for messages
     * @param type for xmemcached's books
     */
    ServerCommand(String name, CommandType type, byte[] request) {
        super(type);
        this.name = name;
        this.request = request;
    }

    /** A request line, its end included, and the value that follows it. */
    static byte[] withValue(String line, byte[] value) {
        return ByteBuffer.allocate(line.length() + value.length + 2)
                .put(line.getBytes(US_ASCII))
                .put(value)
                .put((byte) '\r')
                .put((byte) '\n')
                .array();
    }

    final String name() {
        return name;
    }

    /**
     * Waits while another thread reads.
     *
     * @throws ExecutionException the connection ended, or the server refused; the cause tells
     */
    final T await(Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** This thread wants to be woken when there is an outcome. */
    final void beginWait() {
        waiting = Thread.currentThread();
    }

    final void endWait() {
        waiting = null;
    }

    final boolean isDone() {
        return answer.isDone();
    }

    /** When it is there. */
    final T outcome() throws InterruptedException, ExecutionException {
        return answer.get();
    }

    /** Nobody waits any longer. Not sent if that can be helped; an answer is read and dropped. */
    final void abandon() {
        abandoned = true;
    }

    /**
     * Reads on.
     *
     * @return whether the answer is complete; false: call again when there are more bytes
     * @throws AlienAnswerException these bytes are no answer to this request
     */
    abstract boolean read(ByteBuffer bytes);

    final void complete(T value) {
        answer.complete(value);
        wake();
    }

    private void wake() {
        Thread thread = waiting;
        if (thread != null && thread != Thread.currentThread()) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public final boolean decode(MemcachedTCPSession connection, ByteBuffer bytes) {
        try {
            return read(bytes);
        } catch (RuntimeException alien) {
            setException(alien);
            throw alien;
        }
    }

    /** The next line without its end; null if it is not all there, and then nothing is consumed. */
    final String line(ByteBuffer bytes) {
        int start = bytes.position();
        for (int i = start; i < bytes.limit(); i++) {
            if (bytes.get(i) == '\n') {
                return line(bytes, start, i);
            }
        }
        if (bytes.remaining() > LONGEST_LINE) {
            throw new AlienAnswerException("an answer without end");
        }
        return null;
    }

    private static String line(ByteBuffer bytes, int start, int end) {
        int length = end - start - 1;
        if (length < 0 || length > LONGEST_LINE || bytes.get(end - 1) != '\r') {
            throw new AlienAnswerException("an answer of another form");
        }
        char[] text = new char[length];
        for (int i = 0; i < length; i++) {
            text[i] = (char) (bytes.get(start + i) & 0xFF);
        }
        bytes.position(end + 1);
        return new String(text);
    }

    /**
     * Ends this command with what the server said, if it said that it cannot.
     *
     * @throws AlienAnswerException it said something else; with ERROR and CLIENT_ERROR too, since a
     *     server that did not understand the request may take what follows for the next one
     */
    final boolean refused(String line) {
        if (line.startsWith(TOO_LARGE)) {
            setException(new TooLargeException(printable(line)));
            return true;
        }
        if (line.startsWith("SERVER_ERROR")) {
            setException(new RefusedException(printable(line)));
            return true;
        }
        throw new AlienAnswerException(
                line.startsWith("ERROR") || line.startsWith("CLIENT_ERROR")
                        ? printable(line)
                        : "an answer to something else");
    }

    /**
     * A number of 64 bits that a server has said.
     *
     * @throws AlienAnswerException it is none
     */
    static long unsigned(String word) {
        try {
            return Long.parseUnsignedLong(word);
        } catch (NumberFormatException notANumber) {
            throw new AlienAnswerException("a version that is no number");
        }
    }

    static String printable(String line) {
        String shortened = line.length() <= 100 ? line : line.substring(0, 100);
        return shortened.replaceAll("[^ -~]", "?");
    }

    @Override
    public final void encode() {
        if (getIoBuffer() == null) {
            setIoBuffer(IoBuffer.wrap(request));
        }
    }

    /** Also called by xmemcached when the connection is lost. The first outcome stands. */
    @Override
    public final void setException(Exception exception) {
        answer.completeExceptionally(exception);
        wake();
    }

    @Override
    public final boolean isCancel() {
        return abandoned && getStatus() == OperationStatus.SENDING;
    }

    /** xmemcached logs it; the bytes hold key and session. */
    @Override
    public final String toString() {
        return name;
    }

    /** The server cannot, and says so. The connection is in order. */
    static final class RefusedException extends RuntimeException {
        RefusedException(String serverSays) {
            super(serverSays, null, false, false);
        }
    }

    /** The server wants to know who asks, and has not been told or does not believe it. The message tells what to do. */
    static final class NotAuthenticatedException extends RuntimeException {
        NotAuthenticatedException(String what) {
            super(what, null, false, false);
        }
    }

    /** The server takes no item of this size, and has read past it. The connection is in order. */
    static final class TooLargeException extends RuntimeException {
        TooLargeException(String serverSays) {
            super(serverSays, null, false, false);
        }
    }

    /** The bytes are no answer to the request. The connection is of no further use. */
    static final class AlienAnswerException extends RuntimeException {
        AlienAnswerException(String what) {
            super(what, null, false, false);
        }
    }
}
