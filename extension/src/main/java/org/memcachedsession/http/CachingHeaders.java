package org.memcachedsession.http;

import jakarta.servlet.http.HttpServletResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an answer says to the caches between here and the browser (RFC 9111): one that gives or takes
 * the cookie is kept by none, and one that a session went into is never kept for other users. One
 * object for each application; many threads use it at once.
 */
final class CachingHeaders {

    private static final Logger LOG = System.getLogger(CachingHeaders.class.getName());

    private static final String CACHE_CONTROL = "Cache-Control";
    private static final String VARY = "Vary";
    private static final String COOKIE = "Cookie";
    private static final String NO_STORE = "no-store";
    private static final String PRIVATE = "private";

    /** Each is enough, if it stands for the whole answer and not for some of its headers. */
    private static final List<String> NOT_SHARED = List.of(PRIVATE, NO_STORE, "no-cache");

    /** A comma within quotes separates nothing. */
    private static final Pattern DIRECTIVE = Pattern.compile("(?:[^,\"]++|\"[^\"]*+\"?)++");

    private final AtomicBoolean warnedOfShared = new AtomicBoolean();
    private final AtomicBoolean warnedOfTooLate = new AtomicBoolean();

    /** For an answer whose head carries our cookie. */
    void keepFromAll(HttpServletResponse response) {
        if (response.isCommitted()) {
            warnIfShared(response);
            return;
        }
        if (!List.copyOf(response.getHeaders(CACHE_CONTROL)).equals(List.of(NO_STORE))) {
            response.setHeader(CACHE_CONTROL, NO_STORE);
        }
        varyByCookie(response);
    }

    /**
     * For an answer that a session, or its absence, may have gone into.
     *
     * @return whether it says so now; servers take no headers within an include
     */
    boolean keepFromOthers(HttpServletResponse response) {
        if (response.isCommitted()) {
            warnIfShared(response);
            return true;
        }
        boolean isPrivate = makePrivate(response);
        varyByCookie(response);
        return isPrivate;
    }

    /** Mostly the application has said nothing, and servers make no collection to tell that. */
    private boolean makePrivate(HttpServletResponse response) {
        if (!response.containsHeader(CACHE_CONTROL)) {
            response.setHeader(CACHE_CONTROL, PRIVATE);
            return response.containsHeader(CACHE_CONTROL);
        }
        Collection<String> control = response.getHeaders(CACHE_CONTROL);
        if (isOnly(PRIVATE, control)) {
            return true;
        }
        addPrivate(response, elements(control).toList());
        return isOnly(PRIVATE, response.getHeaders(CACHE_CONTROL));
    }

    private void addPrivate(HttpServletResponse response, List<String> said) {
        if (isShared(said)) {
            List<String> words = new ArrayList<>(said);
            if (words.removeIf(CachingHeaders::asksToBeShared)) {
                warnOfShared();
            }
            words.add(0, PRIVATE);
            response.setHeader(CACHE_CONTROL, String.join(", ", words));
        }
    }

    /** Mostly it is. */
    private static boolean isOnly(String value, Collection<String> headers) {
        return headers.size() == 1 && headers.iterator().next().equals(value);
    }

    private static void varyByCookie(HttpServletResponse response) {
        if (!response.containsHeader(VARY) || !namesCookie(response.getHeaders(VARY))) {
            response.addHeader(VARY, COOKIE);
        }
    }

    private static boolean namesCookie(Collection<String> vary) {
        return isOnly(COOKIE, vary)
                || elements(vary)
                        .anyMatch(name -> name.equals("*") || name.equalsIgnoreCase(COOKIE));
    }

    private static boolean isShared(List<String> directives) {
        return directives.stream()
                .map(each -> each.toLowerCase(Locale.ROOT))
                .noneMatch(NOT_SHARED::contains);
    }

    private static boolean asksToBeShared(String directive) {
        String lowerCase = directive.toLowerCase(Locale.ROOT);
        return lowerCase.equals("public") || lowerCase.startsWith("s-maxage");
    }

    private static List<String> directives(HttpServletResponse response) {
        return elements(response.getHeaders(CACHE_CONTROL)).toList();
    }

    private static Stream<String> elements(Collection<String> headers) {
        return headers.stream()
                .flatMap(header -> DIRECTIVE.matcher(header).results())
                .map(MatchResult::group)
                .map(String::strip)
                .filter(element -> !element.isEmpty());
    }

    private void warnOfShared() {
        if (warnedOfShared.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "An answer that used the session asked shared caches to keep it (public or s-maxage in"
                            + " Cache-Control): other users would get it, so it says private instead. Use"
                            + " no bean of the session for what is the same for everybody (said once)");
        }
    }

    /** Nothing can be added to it any more; or the server took no headers where we are. */
    private void warnIfShared(HttpServletResponse response) {
        if (isShared(directives(response)) && warnedOfTooLate.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "An answer had left before it could say that no shared cache may keep it: its first"
                            + " bean of the session was used after its head had left, or within an include"
                            + " that filled the buffer. Use it before, or say Cache-Control: private"
                            + " beforehand (said once)");
        }
    }
}
