package org.memcachedsession;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What the library logs while a test runs, as it would stand in a log file. */
public final class LoggedMessages extends Handler implements AutoCloseable {

    private static final Logger LIBRARY = Logger.getLogger("org.memcachedsession"); // kept alive

    static {
        LIBRARY.setLevel(Level.ALL); // what must not be logged must not be at any level
    }

    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final List<String> everything = new CopyOnWriteArrayList<>();
    private final Formatter formatter = new SimpleFormatter();
    private final Consumer<String> onWarning;

    private LoggedMessages(Consumer<String> onWarning) {
        this.onWarning = onWarning;
    }

    public static LoggedMessages record() {
        return record(warning -> {});
    }

    /**
     * @param onWarning told each message of {@link #warnings} at once
     */
    public static LoggedMessages record(Consumer<String> onWarning) {
        LoggedMessages messages = new LoggedMessages(onWarning);
        LIBRARY.addHandler(messages);
        return messages;
    }

    /** Warnings and errors, without stack traces. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** All messages of all levels, with their stack traces. */
    public String everything() {
        return String.join("", everything);
    }

    /** Forgets what was recorded so far. */
    public void forget() {
        warnings.clear();
        everything.clear();
    }

    @Override
    public void publish(LogRecord logged) {
        everything.add(formatter.format(logged));
        if (logged.getLevel().intValue() >= Level.WARNING.intValue()) {
            String warning = formatter.formatMessage(logged);
            warnings.add(warning);
            onWarning.accept(warning);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        LIBRARY.removeHandler(this);
    }
}
