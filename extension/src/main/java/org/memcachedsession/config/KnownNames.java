package org.memcachedsession.config;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which names are settings, and which setting somebody may have meant. */
final class KnownNames {

    private static final Set<String> KEYS =
            Setting.ALL.stream().map(Setting::key).collect(Collectors.toUnmodifiableSet());

    private static final Set<String> VARIABLES =
            Setting.ALL.stream()
                    .map(Setting::environmentName)
                    .collect(Collectors.toUnmodifiableSet());

    /** With more of them, another word was meant. */
    private static final int TYPING_ERRORS = 2;

    private KnownNames() {}

    static boolean isKey(String name) {
        return KEYS.contains(name);
    }

    /** The environment variables that look like settings and are none, in order. */
    static List<String> unknownVariables(Collection<String> names) {
        Set<String> services =
                names.stream()
                        .filter(name -> name.endsWith("_SERVICE_HOST"))
                        .map(name -> name.substring(0, name.length() - "_SERVICE_HOST".length()))
                        .collect(Collectors.toSet());
        return names.stream()
                .filter(name -> name.startsWith(Setting.ENVIRONMENT_PREFIX))
                .filter(name -> !VARIABLES.contains(name))
                .filter(name -> services.stream().noneMatch(s -> isOfService(name, s)))
                .sorted()
                .toList();
    }

    /** Kubernetes sets such variables in every pod for a service called memcached-session. */
    private static boolean isOfService(String variable, String service) {
        return variable.startsWith(service + "_SERVICE_")
                || variable.equals(service + "_PORT")
                || variable.startsWith(service + "_PORT_");
    }

    /** The key that somebody may have meant. */
    static Optional<String> nearestKey(String name) {
        return nearest(name).map(Setting::key);
    }

    /** The environment variable that somebody may have meant. */
    static Optional<String> nearestVariable(String name) {
        return nearest(name).map(Setting::environmentName);
    }

    private static Optional<Setting<?>> nearest(String name) {
        String meant = bare(name);
        List<Setting<?>> longer =
                Setting.ALL.stream()
                        .filter(setting -> bare(setting.key()).startsWith(meant))
                        .toList();
        if (longer.size() == 1) {
            return Optional.of(longer.get(0));
        }
        Setting<?> nearest = null;
        int least = Math.min(meant.length() / 2, TYPING_ERRORS) + 1;
        for (Setting<?> setting : Setting.ALL) {
            String known = bare(setting.key());
            int distance = distance(meant, known);
            // who mistypes a word rarely mistypes its first letter
            if (distance < least && known.charAt(0) == meant.charAt(0)) {
                least = distance;
                nearest = setting;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** Without what people mix up: dots, dashes, underscores and case; and without the prefix. */
    private static String bare(String name) {
        String letters = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return letters.startsWith("memcachedsession")
                ? letters.substring("memcachedsession".length())
                : letters;
    }

    /** The number of letters to insert, remove or change (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
