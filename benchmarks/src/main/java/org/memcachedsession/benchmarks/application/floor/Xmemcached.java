package org.memcachedsession.benchmarks.application.floor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeoutException;
import net.rubyeye.xmemcached.GetsResponse;
import net.rubyeye.xmemcached.MemcachedClient;
import net.rubyeye.xmemcached.XMemcachedClient;
import net.rubyeye.xmemcached.exception.MemcachedException;
import net.rubyeye.xmemcached.transcoders.CachedData;
import net.rubyeye.xmemcached.transcoders.CompressionMode;
import net.rubyeye.xmemcached.transcoders.Transcoder;

/** The client as it comes, with one connection. */
final class Xmemcached implements FloorClient {

    private static final long TIMEOUT_MILLIS = 10_000;
    private static final Transcoder<byte[]> BYTES = new BytesAsTheyAre();

    private final MemcachedClient client;

    Xmemcached(String host, int port) {
        try {
            client = new XMemcachedClient(host, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Something that memcached was asked. */
    private interface Call<T> {
        T call() throws TimeoutException, InterruptedException, MemcachedException;
    }

    @Override
    public Stored read(String key) {
        GetsResponse<byte[]> item = answer(() -> client.gets(key, TIMEOUT_MILLIS, BYTES));
        if (item == null) {
            throw new IllegalStateException("memcached has no such item");
        }
        return new Stored(item.getValue(), item.getCas());
    }

    @Override
    public void replace(String key, byte[] value, long version) {
        require(
                answer(
                        () ->
                                client.cas(
                                        key,
                                        SECONDS_TO_LIVE,
                                        value,
                                        BYTES,
                                        TIMEOUT_MILLIS,
                                        version)));
    }

    @Override
    public void set(String key, byte[] value) {
        require(answer(() -> client.set(key, SECONDS_TO_LIVE, value, BYTES, TIMEOUT_MILLIS)));
    }

    @Override
    public void close() {
        try {
            client.shutdown();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void require(boolean stored) {
        if (!stored) {
            throw new IllegalStateException("memcached has not stored the item");
        }
    }

    private static <T> T answer(Call<T> call) {
        try {
            return call.call();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (TimeoutException | MemcachedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Neither serializes nor compresses. */
    private static final class BytesAsTheyAre implements Transcoder<byte[]> {

        @Override
        public CachedData encode(byte[] value) {
            return new CachedData(0, value);
        }

        @Override
        public byte[] decode(CachedData data) {
            return data.getData();
        }

        @Override
        public void setPrimitiveAsString(boolean primitiveAsString) {
            // there are none
        }

        @Override
        public void setPackZeros(boolean packZeros) {
            // there are no numbers
        }

        @Override
        public void setCompressionThreshold(int threshold) {
            // nothing is compressed
        }

        @Override
        public boolean isPrimitiveAsString() {
            return false;
        }

        @Override
        public boolean isPackZeros() {
            return false;
        }

        @Override
        public void setCompressionMode(CompressionMode mode) {
            // nothing is compressed
        }
    }
}
