package org.memcachedsession.http;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Some paths of the application, by patterns as in the Servlet specification (6.0, section 12.2):
 * exact ({@code /status}), all below a path and the path itself ({@code /poll/*}), an extension
 * ({@code *.png}). {@code /} is the exact path, not the default that it is for servlets: what no other
 * pattern takes would be everything here. Immutable.
 */
final class PathPatterns {

    private final Set<String> paths;
    private final List<String> prefixes;
    private final Set<String> extensions;

    /**
     * @param patterns well-formed, as settings are
     */
    PathPatterns(List<String> patterns) {
        Set<String> exact = new HashSet<>();
        List<String> above = new ArrayList<>();
        Set<String> endings = new HashSet<>();
        for (String pattern : patterns) {
            if (pattern.startsWith("*.")) {
                endings.add(pattern.substring("*.".length()));
            } else if (pattern.endsWith("/*")) {
                above.add(pattern.substring(0, pattern.length() - "/*".length()));
            } else {
                exact.add(pattern);
            }
        }
        paths = Set.copyOf(exact);
        prefixes = List.copyOf(above);
        extensions = Set.copyOf(endings);
    }

    /** Whether no path is one of these. */
    boolean isEmpty() {
        return paths.isEmpty() && prefixes.isEmpty() && extensions.isEmpty();
    }

    /**
     * Whether the path of a request is one of these, upper and lower case told apart.
     *
     * @param path within the application, decoded: servlet path and path info
     */
    boolean matches(String path) {
        return paths.contains(path) || hasExtension(path) || isBelowOne(path);
    }

    private boolean isBelowOne(String path) {
        for (String prefix : prefixes) {
            if (isAtOrBelow(prefix, path)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasExtension(String path) {
        if (extensions.isEmpty()) {
            return false;
        }
        // has a slash in it where the last part has no dot, and no extension has one
        String afterDot = path.substring(path.lastIndexOf('.') + 1);
        return extensions.contains(afterDot);
    }

    private static boolean isAtOrBelow(String prefix, String path) {
        return path.startsWith(prefix)
                && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }
}
