package org.memcachedsession.config;

import java.util.Map;
import java.util.TreeMap;

/** A source that has texts under the keys themselves, among others that are not ours. */
final class NamedTexts {

    private final Map<String, String> texts;
    private final String name;

    NamedTexts(Map<String, String> texts, String name) {
        this.texts = texts;
        this.name = name;
    }

    void readInto(SettingsDraft draft, Mistakes mistakes) {
        for (Setting<?> setting : Setting.ALL) {
            String text = texts.get(setting.key());
            if (text != null) {
                draft.offer(setting, text, name);
            }
        }
        for (String key : new TreeMap<>(texts).keySet()) {
            if (key.startsWith(Setting.PREFIX) && !KnownNames.isKey(key)) {
                mistakes.unknownKey(key, name, KnownNames.nearestKey(key));
            }
        }
    }
}
