package org.memcachedsession;

import java.util.List;

/** Wrong settings, all of them at once. Thrown at deployment only. */
public class SessionSettingsException extends SessionException {

    private final List<String> mistakes;

    public SessionSettingsException(List<String> mistakes) {
        super(
                mistakes.size() == 1
                        ? mistakes.get(0)
                        : mistakes.size()
                                + " mistakes in the settings:\n  "
                                + String.join("\n  ", mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    /** One text per mistake: what was found and where, what is needed, what to do. */
    public List<String> mistakes() {
        return mistakes;
    }
}
