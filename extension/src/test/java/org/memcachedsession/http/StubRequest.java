package org.memcachedsession.http;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;

/**
 * What of a request the cookie depends on, without a server.
 *
 * @param host as the server names it
 * @param headers each {@code name: value}
 */
record StubRequest(String scheme, String host, List<String> headers) {

    static HttpServletRequest of(String scheme, String host, String... headers) {
        StubRequest stub = new StubRequest(scheme, host, List.of(headers));
        return (HttpServletRequest)
                Proxy.newProxyInstance(
                        StubRequest.class.getClassLoader(),
                        new Class<?>[] {HttpServletRequest.class},
                        (proxy, method, arguments) ->
                                switch (method.getName()) {
                                    case "getScheme" -> stub.scheme;
                                    case "getServerName" -> stub.host;
                                    case "getHeader" ->
                                            stub.values((String) arguments[0]).stream()
                                                    .findFirst()
                                                    .orElse(null);
                                    case "getHeaders" ->
                                            Collections.enumeration(
                                                    stub.values((String) arguments[0]));
                                    default -> throw new UnsupportedOperationException("" + method);
                                });
    }

    private List<String> values(String name) {
        String begin = name + ": ";
        return headers.stream()
                .filter(header -> header.regionMatches(true, 0, begin, 0, begin.length()))
                .map(header -> header.substring(begin.length()))
                .toList();
    }
}
