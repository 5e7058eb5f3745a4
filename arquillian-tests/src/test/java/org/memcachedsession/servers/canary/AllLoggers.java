package org.memcachedsession.servers.canary;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * The loggers of a server, all but a few at their most talkative. What the server itself does with their
 * messages stays at {@code INFO}: its log would grow by megabytes.
 */
final class AllLoggers extends Handler {

    /**
     * What no library can help: servers that print each request with all its headers, and one that
     * repeats its whole configuration whenever a managed bean is asked.
     */
    private static final List<String> THE_SERVERS_OWN_AFFAIR =
            List.of(
                    "org.glassfish.grizzly.http.Cookies",
                    "org.glassfish.grizzly.websockets.BaseWebSocketFilter",
                    "org.jboss.as.controller.management-operation");

    private final Logger root = Logger.getLogger("");
    private final Map<Logger, Level> before = new HashMap<>(); // keeps them alive, too
    private final Map<Handler, Level> handlersBefore = new HashMap<>();
    private final Formatter formatter = new SimpleFormatter();
    private final BiConsumer<String, Object> heard;

    /** What is told on the way to telling it would go on without end. */
    private final ThreadLocal<Boolean> telling = ThreadLocal.withInitial(() -> false);

    private AllLoggers(BiConsumer<String, Object> heard) {
        this.heard = heard;
        setLevel(Level.ALL);
    }

    /**
     * @param heard is told the logger and what it says: the message, each parameter, the failure
     */
    static AllLoggers heardBy(BiConsumer<String, Object> heard) {
        AllLoggers loggers = new AllLoggers(heard);
        loggers.open();
        return loggers;
    }

    private void open() {
        for (Handler handler : root.getHandlers()) {
            handlersBefore.put(handler, handler.getLevel());
            handler.setLevel(Level.INFO);
        }
        for (String name : Collections.list(LogManager.getLogManager().getLoggerNames())) {
            Logger logger = LogManager.getLogManager().getLogger(name);
            if (logger != null && logger != root && logger.getLevel() != null) {
                before.put(logger, logger.getLevel());
                logger.setLevel(null); // as the root
            }
        }
        for (String name : THE_SERVERS_OWN_AFFAIR) {
            Logger logger = Logger.getLogger(name);
            before.putIfAbsent(logger, logger.getLevel());
            logger.setLevel(Level.INFO);
        }
        before.put(root, root.getLevel());
        root.addHandler(this);
        root.setLevel(Level.ALL);
    }

    @Override
    public void publish(LogRecord logged) {
        if (telling.get()) {
            return;
        }
        telling.set(true);
        try {
            String logger = logged.getLoggerName();
            heard.accept(logger, logged.getLevel() + " " + formatter.formatMessage(logged));
            if (logged.getParameters() != null) {
                for (Object parameter : logged.getParameters()) {
                    heard.accept(logger, parameter);
                }
            }
            if (logged.getThrown() != null) {
                heard.accept(logger, logged.getThrown());
            }
        } finally {
            telling.set(false);
        }
    }

    @Override
    public void flush() {
        // all is written at once
    }

    /** All is as it was. */
    @Override
    public void close() {
        root.removeHandler(this);
        before.forEach(Logger::setLevel);
        handlersBefore.forEach(Handler::setLevel);
    }
}
