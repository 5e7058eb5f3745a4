package org.memcachedsession.store;

import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * What xmemcached logs, or one of our classes, while it logs it and on the thread that does: a test gets in at a
 * place that it could not reach otherwise.
 */
final class ClientLog extends Handler implements AutoCloseable {

    private final Logger logger;
    private final Consumer<String> seen;

    /**
     * Begins to listen.
     *
     * @param writer the class that logs
     * @param seen is told each message
     */
    ClientLog(Class<?> writer, Consumer<String> seen) {
        this.seen = seen;
        logger = Logger.getLogger(writer.getName());
        logger.addHandler(this);
    }

    @Override
    public void publish(LogRecord event) {
        seen.accept(event.getMessage());
    }

    @Override
    public void flush() {
        // nothing is kept
    }

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
