package org.memcachedsession.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.session.UnreadableException;

class CompressionTest {

    private static final int LIMIT = 10_000;
    private static final int HEAD = 6;

    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final Random random = new Random(20_261_125);

    private Compression from(int bytes) {
        return new Compression(OptionalInt.of(bytes), LIMIT, Counted::new, CountedInflater::new);
    }

    private final class Counted extends Deflater {
        private Counted() {
            super(BEST_SPEED, true);
            begun.incrementAndGet();
        }

        @Override
        public void end() {
            super.end();
            ended.incrementAndGet();
        }
    }

    private final class CountedInflater extends Inflater {
        private CountedInflater() {
            super(true);
            begun.incrementAndGet();
        }

        @Override
        public void end() {
            super.end();
            ended.incrementAndGet();
        }
    }

    /** Of the kind that a session is. */
    private static byte[] zeros(int length) {
        return new byte[length];
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        noise[0] = RecordFormat.SESSION;
        return noise;
    }

    /** Mostly noise, of which a little less than so much can be spared. */
    private byte[] noiseThatSpares(int length, int gain) {
        byte[] content = noise(length);
        Arrays.fill(content, length - gain, length, (byte) 7);
        return content;
    }

    @Test
    void whatIsCompressedComesBackAtEveryLength() throws UnreadableException {
        Compression compression = from(0);
        for (int length = 1; length < 3000; length++) {
            byte[] content = zeros(length);
            for (int i = 1; i < length; i++) {
                content[i] = (byte) ("session".charAt(i % 7) + random.nextInt(3));
            }
            byte[] compressed = compression.compressed(content);
            assertThat(compression.plain(compressed)).isEqualTo(content);
            assertThat(compressed.length).isLessThanOrEqualTo(length);
        }
        byte[] largest = zeros(10 * LIMIT);
        assertThat(compression.plain(compression.compressed(largest))).isEqualTo(largest);
    }

    @Test
    void lessThanTheThresholdIsStoredAsItIs() {
        assertThat(from(2048).compressed(zeros(2047))).isEqualTo(zeros(2047));
        assertThat(from(2048).compressed(zeros(2048))).hasSizeLessThan(100);
        assertThat(from(0).compressed(zeros(64))).hasSizeLessThan(20);
    }

    @Test
    void withoutAThresholdNothingIsCompressedAndWhatIsCompressedIsRead()
            throws UnreadableException {
        Compression never = new Compression(OptionalInt.empty(), LIMIT);
        assertThat(never.compressed(zeros(5000))).isEqualTo(zeros(5000));
        assertThat(never.plain(from(0).compressed(zeros(5000)))).isEqualTo(zeros(5000));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 64, 2048, 8000, 100_000})
    void whatGainsLessThanAnEighthIsStoredAsItIs(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        assertThat(from(0).compressed(noise)).isSameAs(noise);
    }

    @Test
    void anEighthIsWorthIt() {
        byte[] slightly = noiseThatSpares(8000, 850);
        assertThat(from(0).compressed(slightly)).isSameAs(slightly);

        byte[] enough = noiseThatSpares(8000, 1200);
        assertThat(from(0).compressed(enough)).hasSizeBetween(6000, 7000);
    }

    @Test
    void moreThanIsReadIsNotCompressed() throws UnreadableException {
        byte[] tooLong = zeros(10 * LIMIT + 1);
        assertThat(from(0).compressed(tooLong)).isSameAs(tooLong);
        byte[] byLargerNode = new Compression(OptionalInt.of(0), LIMIT + 1).compressed(tooLong);
        assertThat(byLargerNode).hasSizeLessThan(1000);
        assertThatThrownBy(() -> from(0).plain(byLargerNode))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("ten times memcached.session.size.limit");
    }

    @Test
    void whateverBecomesOfItNativeMemoryIsGivenBack() throws UnreadableException {
        Compression compression = from(0);
        byte[] compressed = compression.compressed(zeros(5000));
        compression.compressed(noise(5000));
        assertThat(begun).hasValue(2);

        compression.plain(compressed);
        for (int length = 1; length < compressed.length; length++) {
            byte[] cut = Arrays.copyOf(compressed, length);
            assertThatThrownBy(() -> compression.plain(cut))
                    .isInstanceOf(UnreadableException.class);
        }
        byte[] longer = Arrays.copyOf(compressed, compressed.length + 1);
        assertThatThrownBy(() -> compression.plain(longer)).isInstanceOf(UnreadableException.class);
        byte[] garbled = compressed.clone();
        garbled[HEAD] = 7;
        assertThatThrownBy(() -> compression.plain(garbled))
                .isInstanceOf(UnreadableException.class);

        assertThat(begun).hasValueGreaterThan(5);
        assertThat(ended).hasValue(begun.get());
    }
}
