package org.memcachedsession.http;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionSettings.CookieSecure;
import org.memcachedsession.SessionSettings.SameSite;
import org.memcachedsession.session.SessionId;

/**
 * The cookie that carries the id, and nothing else does (RFC 6265). Reads the header itself, since
 * servers differ in what they make of junk, and the name counts to the letter.
 */
final class SessionCookie {

    /**
     * What a browser may send of one name. More is an attack, and each costs a read; to look at the
     * first of them only would let a planted one hide the user's own.
     */
    private static final int IDS_LOOKED_AT = 4;

    private static final String HOST_PREFIX = "__Host-";

    private static final Pattern LOOPBACK = Pattern.compile("127\\.\\d+\\.\\d+\\.\\d+");

    private static final List<String> PROXY_HEADERS =
            List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "Via");

    private final String name;
    private final String path;
    private final Optional<String> domain;
    private final String sameSite;
    private final boolean isForOtherSites;
    private final CookieSecure secure;
    private final Optional<Duration> maxAge;

    SessionCookie(SessionSettings settings) {
        name = settings.cookieName();
        path = settings.cookiePath();
        domain = settings.cookieDomain();
        sameSite = settings.cookieSameSite().attribute();
        isForOtherSites =
                settings.cookieSameSite() == SameSite.NONE; // browsers want it Secure then
        secure = settings.cookieSecure();
        maxAge = settings.cookieMaxAge();
    }

    /**
     * The well-formed ids that the browser sent under our name, each once; none if too many. In an
     * order of their own, so that nothing depends on the one in which they came.
     */
    List<SessionId> read(HttpServletRequest request) {
        Set<SessionId> ids = new TreeSet<>();
        String wanted = name(isSecure(request));
        Enumeration<String> headers = request.getHeaders("Cookie");
        while (headers != null && headers.hasMoreElements()) {
            for (String pair : pairs(headers.nextElement())) {
                int equals = pair.indexOf('=');
                if (equals == wanted.length() && pair.startsWith(wanted)) {
                    SessionId.parse(pair.substring(equals + 1)).ifPresent(ids::add);
                }
                if (ids.size() > IDS_LOOKED_AT) {
                    return List.of();
                }
            }
        }
        return List.copyOf(ids);
    }

    private static List<String> pairs(String header) {
        List<String> pairs = new ArrayList<>();
        int start = 0;
        while (start <= header.length()) {
            int semicolon = header.indexOf(';', start);
            int end = semicolon < 0 ? header.length() : semicolon;
            pairs.add(trim(header.substring(start, end)));
            start = end + 1;
        }
        return pairs;
    }

    /** Blanks and tabs only: {@code String.trim} would also take control characters off. */
    private static String trim(String pair) {
        int start = 0;
        int end = pair.length();
        while (start < end && isBlank(pair.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(pair.charAt(end - 1))) {
            end--;
        }
        return pair.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** A {@code Set-Cookie} header that gives the browser an id. */
    String give(HttpServletRequest request, SessionId id) {
        StringBuilder header = new StringBuilder(160);
        boolean isSecure = isSecure(request);
        header.append(name(isSecure)).append('=').append(id.cookieValue());
        maxAge.ifPresent(age -> header.append("; Max-Age=").append(age.toSeconds()));
        return attributes(header, isSecure);
    }

    /** A {@code Set-Cookie} header that takes the cookie back. */
    String takeBack(HttpServletRequest request) {
        boolean isSecure = isSecure(request);
        StringBuilder header = new StringBuilder(160).append(name(isSecure)).append("=; Max-Age=0");
        header.append("; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
        return attributes(header, isSecure);
    }

    private String attributes(StringBuilder header, boolean isSecure) {
        header.append("; Path=").append(path);
        domain.ifPresent(host -> header.append("; Domain=").append(host));
        if (isSecure) {
            header.append("; Secure");
        }
        return header.append("; HttpOnly; SameSite=").append(sameSite).toString();
    }

    /** With the prefix, a browser takes the cookie from this very host only (RFC 6265bis). */
    private String name(boolean isSecure) {
        boolean hostOnly = isSecure && path.equals("/") && domain.isEmpty();
        return hostOnly ? HOST_PREFIX + name : name;
    }

    private boolean isSecure(HttpServletRequest request) {
        return switch (secure) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO -> isForOtherSites || !isPlainLoopback(request);
        };
    }

    /**
     * Development on one's own machine. Never {@code request.isSecure()}: behind a proxy that ends TLS
     * it is false, and the cookie would cross the network in the clear. A proxy beside the server may
     * even ask for {@code localhost}; most say that they forward.
     */
    private static boolean isPlainLoopback(HttpServletRequest request) {
        try {
            return request.getScheme().equals("http")
                    && isLoopback(request.getServerName())
                    && !hasOneOf(PROXY_HEADERS, request);
        } catch (RuntimeException malformedHost) {
            return false; // a server may fail only when it is asked for the name
        }
    }

    private static boolean hasOneOf(List<String> names, HttpServletRequest request) {
        for (String name : names) {
            if (request.getHeader(name) != null) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLoopback(String hostName) {
        String host = hostName.toLowerCase(Locale.ROOT);
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || (host.startsWith("127.") && LOOPBACK.matcher(host).matches())
                || host.equals("[::1]")
                || host.equals("::1")
                || host.equals("0:0:0:0:0:0:0:1")
                || host.equals("[0:0:0:0:0:0:0:1]");
    }
}
