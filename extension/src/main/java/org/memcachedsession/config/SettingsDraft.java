package org.memcachedsession.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Values for the settings, each with its source, right or wrong. A later value for a setting takes
 * the place of an earlier one with all its mistakes. Not thread-safe.
 */
public final class SettingsDraft {

    private static final String CODE = "code";
    private static final String DEFAULT = "default";

    private final Brought embeddedModule;
    private final Brought fory;
    private final Mistakes ofReading;
    private final Map<Setting<?>, Given<?>> given = new LinkedHashMap<>();

    SettingsDraft(Brought embeddedModule, Brought fory, Mistakes ofReading) {
        this.embeddedModule = embeddedModule;
        this.fory = fory;
        this.ofReading = ofReading;
    }

    /**
     * Nothing but defaults: servers and application are to be set. An embedded server that is asked
     * for is taken to be there, and so is Apache Fory.
     */
    public static SettingsDraft empty() {
        return new SettingsDraft(Brought.UNKNOWN, Brought.UNKNOWN, new Mistakes());
    }

    /** Sets a value in code. */
    public <T> void set(Setting<T> setting, T value) {
        Objects.requireNonNull(value, setting.key());
        given.put(setting, new Given<>(setting, value, setting.type().text(value), CODE));
    }

    /** Sets a value in code, by its text. */
    public void setText(Setting<?> setting, String text) {
        Objects.requireNonNull(text, setting.key());
        given.remove(setting);
        offer(setting, text, CODE);
    }

    /** Takes a value back, so that the default holds. */
    public void unset(Setting<?> setting) {
        given.remove(setting);
    }

    /** Takes a text unless the setting has a value already. An empty text is none. */
    void offer(Setting<?> setting, String text, String source) {
        String stripped = text.strip();
        if (!stripped.isEmpty()) {
            given.putIfAbsent(setting, new Given<>(setting, null, stripped, source));
        }
    }

    /** Takes a text that its source could not make a value of, unless the setting has a value. */
    void offerUnresolved(Setting<?> setting, String text, String source) {
        given.putIfAbsent(setting, new Given<>(setting, null, text, source, false));
    }

    /** Reads and checks everything. The draft stays as it is. */
    public SettledSettings settle() {
        Mistakes mistakes = new Mistakes(ofReading);
        Map<Setting<?>, Object> values = new LinkedHashMap<>();
        Map<Setting<?>, Found> found = new HashMap<>();
        for (Setting<?> setting : Setting.ALL) {
            Optional<Given<?>> inForce = inForce(setting);
            if (inForce.isPresent()) {
                found.put(setting, inForce.get().found());
                inForce.get().read(mistakes).ifPresent(value -> values.put(setting, value));
            }
        }
        List<String> notes = new ArrayList<>();
        if (!found.containsKey(Setting.SERVERS)) {
            mistakes.noServers();
        }
        if (!found.containsKey(Setting.APPLICATION)) {
            mistakes.noApplication();
        }
        new CrossChecks(values, found, embeddedModule, fory, mistakes, notes).run();
        return new SettledSettings(values, mistakes.texts(), notes);
    }

    private Optional<Given<?>> inForce(Setting<?> setting) {
        Given<?> value = given.get(setting);
        if (value != null) {
            return Optional.of(value);
        }
        if (setting == Setting.SERVERS && embeddedModule == Brought.PRESENT) {
            return Optional.of(new Given<>(setting, null, ServersValue.EMBEDDED, DEFAULT));
        }
        return setting.defaultText().map(text -> new Given<>(setting, null, text, DEFAULT));
    }

    /** Whether the application brings something that it can do without. */
    enum Brought {
        PRESENT,
        ABSENT,
        UNKNOWN;

        static Brought of(boolean isThere) {
            return isThere ? PRESENT : ABSENT;
        }
    }

    /**
     * @param value null if there is only the text
     * @param resolved false if the source could not make a value of the text
     */
    private record Given<T>(
            Setting<T> setting, T value, String text, String source, boolean resolved) {

        Given(Setting<T> setting, T value, String text, String source) {
            this(setting, value, text, source, true);
        }

        Found found() {
            return new Found(setting.key(), text, source, setting.type().isSecret());
        }

        /** Empty if no value came out; one that breaks a rule is there, and its mistake too. */
        Optional<T> read(Mistakes mistakes) {
            if (!resolved) {
                mistakes.unresolved(found());
                return Optional.empty();
            }
            ValueType<T> type = setting.type();
            int before = mistakes.count();
            Optional<T> result = value == null ? type.parse(found(), mistakes) : Optional.of(value);
            result.ifPresent(read -> type.check(read, found(), mistakes));
            return mistakes.count() > before ? Optional.empty() : result;
        }
    }
}
