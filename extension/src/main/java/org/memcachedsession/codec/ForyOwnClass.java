package org.memcachedsession.codec;

import org.apache.fory.config.Config;
import org.apache.fory.context.ReadContext;
import org.apache.fory.context.WriteContext;
import org.apache.fory.serializer.Serializer;

/**
 * In place of what Fory has for a class whether one wants it or not: classes by name, lambdas, proxies,
 * and what would come back otherwise than from JDK serialization.
 */
final class ForyOwnClass<T> extends Serializer<T> {

    ForyOwnClass(Config config, Class<T> type) {
        super(config, type);
    }

    @Override
    public void write(WriteContext context, T value) {
        throw new ForyRefusal("a " + type.getName());
    }

    @Override
    public T read(ReadContext context) {
        throw new IllegalArgumentException("a " + type.getName() + ", which is never written");
    }
}
