package org.memcachedsession.benchmarks.requests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class AnswerReaderTest {

    @Test
    void anAnswerHasStatusBodyAndCookies() throws IOException {
        Answer answer =
                reader(
                                "HTTP/1.1 200 OK\r\n"
                                        + "Content-Length: 4\r\n"
                                        + "Set-Cookie: sid=a=b; Path=/; HttpOnly\r\n"
                                        + "set-cookie:v=1\r\n\r\n"
                                        + "43 7")
                        .read();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("43 7");
        assertThat(answer.cookies()).containsExactly("sid=a=b", "v=1");
        assertThat(answer.closes()).isFalse();
    }

    @Test
    void answersFollowEachOther() throws IOException {
        AnswerReader reader =
                reader(
                        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1"
                                + "HTTP/1.1 204 No Content\r\n\r\n"
                                + "HTTP/1.1 503 x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno");

        assertThat(reader.read().body()).isEqualTo("1");
        assertThat(reader.read().body()).isEmpty();
        Answer last = reader.read();
        assertThat(last.status()).isEqualTo(503);
        assertThat(last.closes()).isTrue();
    }

    @Test
    void chunksAreOneBody() throws IOException {
        AnswerReader reader =
                reader(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "3\r\n43 \r\nA\r\n0123456789\r\n0\r\n\r\n"
                                + "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");

        assertThat(reader.read().body()).isEqualTo("43 0123456789");
        assertThat(reader.read().body()).isEqualTo("x");
    }

    @Test
    void anAnswerMayComeByteByByte() throws IOException {
        byte[] bytes = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n43 7".getBytes(US_ASCII);
        InputStream slow =
                new ByteArrayInputStream(bytes) {
                    @Override
                    public synchronized int read(byte[] into, int offset, int length) {
                        return super.read(into, offset, Math.min(1, length));
                    }
                };

        assertThat(new AnswerReader(slow).read().body()).isEqualTo("43 7");
    }

    @Test
    void anAnswerThatIsCutOffIsNone() {
        assertThatThrownBy(reader("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n43")::read)
                .isInstanceOf(EOFException.class);
        assertThatThrownBy(reader("")::read).isInstanceOf(EOFException.class);
    }

    private static AnswerReader reader(String text) {
        return new AnswerReader(new ByteArrayInputStream(text.getBytes(US_ASCII)));
    }
}
