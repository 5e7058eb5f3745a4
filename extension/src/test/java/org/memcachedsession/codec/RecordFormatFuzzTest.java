package org.memcachedsession.codec;

import com.code_intelligence.jazzer.junit.FuzzTest;

class RecordFormatFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void anyBytesAreRefusedOrReadAsTheyAreWritten(byte[] bytes) {
        ReadContent.of(bytes, RecordFormat::read);
    }
}
