package org.memcachedsession.config;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.ConfigValue;

/**
 * MicroProfile Config, with all the sources that the server gives it. Its API is met in this class
 * alone, since a server need not have it.
 */
final class MicroProfileSource {

    private static final String NAME = "MicroProfile Config";

    private final Config config;
    private final Mistakes mistakes;

    private MicroProfileSource(Config config, Mistakes mistakes) {
        this.config = config;
        this.mistakes = mistakes;
    }

    /**
     * @return false if there is the API and nothing behind it; nothing was read then
     * @throws LinkageError without the API; nothing was read then
     */
    static boolean readInto(SettingsDraft draft, Mistakes mistakes, ClassLoader classLoader) {
        Config config;
        try {
            config = ConfigProvider.getConfig(classLoader);
        } catch (IllegalStateException noProvider) {
            return false;
        }
        new MicroProfileSource(config, mistakes).readInto(draft);
        return true;
    }

    private void readInto(SettingsDraft draft) {
        for (Setting<?> setting : Setting.ALL) {
            readInto(draft, setting);
        }
        Set<String> names = new TreeSet<>();
        config.getPropertyNames().forEach(names::add);
        List<String> variables = KnownNames.unknownVariables(names);
        for (String variable : variables) {
            mistakes.unknownKey(variable, source(variable), KnownNames.nearestVariable(variable));
        }
        for (String name : names) {
            if (name.startsWith(Setting.PREFIX)
                    && !KnownNames.isKey(name)
                    && !isVariableInDots(name, names)) {
                mistakes.unknownKey(name, source(name), KnownNames.nearestKey(name));
            }
        }
    }

    private void readInto(SettingsDraft draft, Setting<?> setting) {
        ConfigValue value;
        try {
            value = config.getConfigValue(setting.key());
        } catch (RuntimeException e) {
            // an expression that refers to itself, or a source that fails
            mistakes.unreadableValue(setting, NAME, e);
            return;
        }
        if (value.getValue() != null) {
            draft.offer(setting, value.getValue(), label(value));
        } else if (value.getRawValue() != null) {
            draft.offerUnresolved(setting, value.getRawValue(), label(value));
        }
    }

    /**
     * Some implementations list an environment variable a second time, as the key that it could
     * stand for: {@code memcached.session.idle.timeout} for the one of {@code idle-timeout}.
     */
    private boolean isVariableInDots(String name, Set<String> names) {
        String variable = Setting.environmentName(name);
        return names.contains(variable) && source(name).equals(source(variable));
    }

    private String source(String name) {
        try {
            return label(config.getConfigValue(name));
        } catch (RuntimeException e) {
            // the name is what matters here, not why it has no value
            return NAME;
        }
    }

    private static String label(ConfigValue value) {
        String source = value.getSourceName();
        return source == null ? NAME : NAME + ", " + source;
    }
}
