package org.memcachedsession.http;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

    private final String nameAndEquals;
    private final String secureNameAndEquals;
    private final String path;
    private final Optional<String> domain;
    private final String sameSite;
    private final boolean isForOtherSites;
    private final CookieSecure secure;
    private final Optional<Duration> maxAge;

    SessionCookie(SessionSettings settings) {
        path = settings.cookiePath();
        domain = settings.cookieDomain();
        nameAndEquals = settings.cookieName() + "=";
        // with the prefix, a browser takes the cookie from this very host only (RFC 6265bis)
        boolean canBeHostOnly = path.equals("/") && domain.isEmpty();
        secureNameAndEquals = canBeHostOnly ? HOST_PREFIX + nameAndEquals : nameAndEquals;
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
        Enumeration<String> headers = request.getHeaders("Cookie");
        if (headers == null || !headers.hasMoreElements()) {
            return List.of();
        }
        List<SessionId> ids = new ArrayList<>();
        String wanted = nameAndEquals(isSecure(request));
        while (headers.hasMoreElements()) {
            addIds(headers.nextElement(), wanted, ids);
            if (ids.size() > IDS_LOOKED_AT) {
                return List.of();
            }
        }
        Collections.sort(ids);
        return List.copyOf(ids);
    }

    /**
     * @param wanted the name and what follows it
     */
    private static void addIds(String header, String wanted, List<SessionId> ids) {
        int start = 0;
        while (start <= header.length() && ids.size() <= IDS_LOOKED_AT) {
            int semicolon = header.indexOf(';', start);
            int end = semicolon < 0 ? header.length() : semicolon;
            while (start < end && isBlank(header.charAt(start))) {
                start++;
            }
            if (header.startsWith(wanted, start)) {
                SessionId.parse(withoutBlanks(header, start + wanted.length(), end))
                        .filter(id -> !ids.contains(id))
                        .ifPresent(ids::add);
            }
            start = end + 1;
        }
    }

    private static String withoutBlanks(String header, int start, int end) {
        int last = end;
        while (last > start && isBlank(header.charAt(last - 1))) {
            last--;
        }
        return header.substring(start, last);
    }

    /** Blanks and tabs only: {@code String.trim} would also take control characters off. */
    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** A {@code Set-Cookie} header that gives the browser an id. */
    String give(HttpServletRequest request, SessionId id) {
        StringBuilder header = new StringBuilder(160);
        boolean isSecure = isSecure(request);
        header.append(nameAndEquals(isSecure)).append(id.cookieValue());
        maxAge.ifPresent(age -> header.append("; Max-Age=").append(age.toSeconds()));
        return attributes(header, isSecure);
    }

    /** A {@code Set-Cookie} header that takes the cookie back. */
    String takeBack(HttpServletRequest request) {
        boolean isSecure = isSecure(request);
        StringBuilder header =
                new StringBuilder(160).append(nameAndEquals(isSecure)).append("; Max-Age=0");
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

    private String nameAndEquals(boolean isSecure) {
        return isSecure ? secureNameAndEquals : nameAndEquals;
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
                || host.equals("127.0.0.1")
                || host.endsWith(".localhost")
                || (host.startsWith("127.") && LOOPBACK.matcher(host).matches())
                || host.equals("[::1]")
                || host.equals("::1")
                || host.equals("0:0:0:0:0:0:0:1")
                || host.equals("[0:0:0:0:0:0:0:1]");
    }
}
