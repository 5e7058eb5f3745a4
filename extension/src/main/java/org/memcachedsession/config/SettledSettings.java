package org.memcachedsession.config;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What came out of a {@link SettingsDraft}. Without mistakes, everything required is there. */
public final class SettledSettings {

    private final Map<Setting<?>, Object> values;
    private final List<String> mistakes;
    private final List<String> notes;

    SettledSettings(Map<Setting<?>, Object> values, List<String> mistakes, List<String> notes) {
        this.values = values;
        this.mistakes = List.copyOf(mistakes);
        this.notes = List.copyOf(notes);
    }

    /** One text per mistake, none if all is well. */
    public List<String> mistakes() {
        return mistakes;
    }

    /** What is accepted but should be known: a line each, for the log. */
    public List<String> notes() {
        return notes;
    }

    /** The value of a setting that may be missing. */
    @SuppressWarnings("unchecked") // a value is put in by its own setting's type
    public <T> Optional<T> find(Setting<T> setting) {
        return Optional.ofNullable((T) values.get(setting));
    }

    /** The value of a setting that is always there when there are no mistakes. */
    public <T> T get(Setting<T> setting) {
        return find(setting).orElseThrow();
    }

    /** All values in one line. */
    @Override
    public String toString() {
        return Setting.ALL.stream()
                .filter(values::containsKey)
                .map(setting -> setting.shortKey() + "=" + text(setting))
                .collect(joining("; "));
    }

    private <T> String text(Setting<T> setting) {
        return setting.type().text(get(setting));
    }
}
