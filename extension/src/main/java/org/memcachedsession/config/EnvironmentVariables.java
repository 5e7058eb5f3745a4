package org.memcachedsession.config;

import java.util.List;
import java.util.Map;

/** Environment variables: {@code MEMCACHED_SESSION_IDLE_TIMEOUT}. */
final class EnvironmentVariables {

    private static final String NAME = "environment variable";

    private final Map<String, String> variables;

    EnvironmentVariables(Map<String, String> variables) {
        this.variables = variables;
    }

    void readInto(SettingsDraft draft, Mistakes mistakes) {
        for (Setting<?> setting : Setting.ALL) {
            String variable = setting.environmentName();
            String text = variables.get(variable);
            if (text != null) {
                draft.offer(setting, text, NAME + " " + variable);
            }
        }
        for (String variable : KnownNames.unknownVariables(List.copyOf(variables.keySet()))) {
            mistakes.unknownKey(variable, NAME, KnownNames.nearestVariable(variable));
        }
    }
}
