package org.memcachedsession.cdi;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What the extension logs while a test runs. */
final class LoggedMessages extends Handler implements AutoCloseable {

    private static final Logger LIBRARY = Logger.getLogger("org.memcachedsession"); // kept alive

    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Formatter formatter = new SimpleFormatter();

    static LoggedMessages record() {
        LoggedMessages messages = new LoggedMessages();
        LIBRARY.addHandler(messages);
        return messages;
    }

    List<String> warnings() {
        return records.stream()
                .filter(each -> each.getLevel().intValue() >= Level.WARNING.intValue())
                .map(formatter::formatMessage)
                .toList();
    }

    @Override
    public void publish(LogRecord logged) {
        records.add(logged);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        LIBRARY.removeHandler(this);
    }
}
