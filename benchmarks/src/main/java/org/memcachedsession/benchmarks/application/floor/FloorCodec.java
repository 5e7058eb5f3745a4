package org.memcachedsession.benchmarks.application.floor;

import org.memcachedsession.benchmarks.application.Items;

/** Items as bytes. Many threads use one at once. */
interface FloorCodec {

    byte[] write(Items items);

    Items read(byte[] bytes);

    /**
     * @param name {@code jdk} or {@code hand}
     */
    static FloorCodec named(String name) {
        return switch (name) {
            case "jdk" -> new JdkCodec();
            case "hand" -> new HandWrittenCodec();
            default -> throw new IllegalArgumentException("floor.codec is \"%s\"".formatted(name));
        };
    }
}
