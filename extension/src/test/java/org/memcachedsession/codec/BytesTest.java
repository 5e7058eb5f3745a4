package org.memcachedsession.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** {@link BytesInput} and {@link BytesOutput} do as those of the JDK do. */
class BytesTest {

    private static byte[] chance(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @RepeatedTest(200)
    void readsAsTheJdk(RepetitionInfo repetition) throws IOException {
        Random random = new Random(repetition.getCurrentRepetition());
        byte[] bytes = chance(random, random.nextInt(100));
        int first = random.nextInt(bytes.length + 1);
        InputStream input = new BytesInput(bytes, first);
        InputStream ofJdk = new ByteArrayInputStream(bytes, first, bytes.length - first);
        for (int i = 0; i < 30; i++) {
            assertThat(input.available()).isEqualTo(ofJdk.available());
            switch (random.nextInt(3)) {
                case 0 -> assertThat(input.read()).isEqualTo(ofJdk.read());
                case 1 -> {
                    long most = random.nextInt(12) - 2;
                    assertThat(input.skip(most)).isEqualTo(ofJdk.skip(most));
                }
                default -> {
                    byte[] into = chance(random, 20);
                    byte[] intoOfJdk = into.clone();
                    int from = random.nextInt(10);
                    int most = 1 + random.nextInt(10);
                    assertThat(input.read(into, from, most))
                            .isEqualTo(ofJdk.read(intoOfJdk, from, most));
                    assertThat(into).isEqualTo(intoOfJdk);
                }
            }
        }
    }

    @Test
    void asksForNoneAtTheEndAsAnyStream() {
        assertThat(new BytesInput(new byte[3], 3).read(new byte[1], 0, 0)).isZero();
        assertThat(new BytesInput(new byte[3], 3).read(new byte[1], 0, 1)).isEqualTo(-1);
    }

    @Test
    void refusesWhatIsNotInTheArray() {
        assertThatThrownBy(() -> new BytesInput(new byte[3], 4))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> new BytesInput(new byte[3], 0).read(new byte[2], 1, 2))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> new BytesOutput().write(new byte[2], 1, 2))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @RepeatedTest(200)
    void writesAsTheJdkWhateverIsExpected(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        BytesOutput output = new BytesOutput();
        ByteArrayOutputStream ofJdk = new ByteArrayOutputStream();
        output.begin(random.nextInt(300));
        for (int i = 0; i < 20; i++) {
            int value = random.nextInt();
            output.write(value);
            ofJdk.write(value);
            byte[] more = chance(random, random.nextInt(30));
            int first = random.nextInt(more.length + 1);
            output.write(more, first, more.length - first);
            ofJdk.write(more, first, more.length - first);
        }
        assertThat(output.written()).isEqualTo(ofJdk.toByteArray());
    }

    @Test
    void givesAwayWhatItWasToldTheSizeOfAndLeavesItAlone() throws IOException {
        BytesOutput output = new BytesOutput();
        output.begin(2);
        output.write(new byte[] {1, 2});
        byte[] written = output.written();
        assertThat(output.written()).isSameAs(written);
        output.begin(2);
        output.write(new byte[] {3, 4});
        assertThat(written).containsExactly(1, 2);
        assertThat(output.written()).containsExactly(3, 4);
    }
}
