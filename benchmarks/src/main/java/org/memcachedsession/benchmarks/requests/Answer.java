package org.memcachedsession.benchmarks.requests;

import java.util.List;

/**
 * Of the server, to one request.
 *
 * @param status of HTTP
 * @param cookies that it sets, each {@code name=value}
 * @param closes whether this was the last on its connection
 */
record Answer(int status, String body, List<String> cookies, boolean closes) {

    Answer {
        cookies = List.copyOf(cookies);
    }
}
