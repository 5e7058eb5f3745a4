package org.memcachedsession.benchmarks.application.floor;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import org.memcachedsession.benchmarks.application.Items;
import org.memcachedsession.benchmarks.application.MeasuredServlet;

/**
 * Keeps the items in memcached under the cookie's value. The system properties {@code floor.client},
 * {@code floor.codec} and {@code floor.server} say how, and where.
 */
@WebServlet({
    MeasuredServlet.BEGIN,
    MeasuredServlet.PLAIN,
    MeasuredServlet.READ,
    MeasuredServlet.WRITE
})
public final class FloorServlet extends MeasuredServlet {

    private static final long serialVersionUID = 1L;

    private static final String COOKIE = "floor";

    private transient FloorClient client;
    private transient FloorCodec codec;

    @Override
    public void init() {
        client =
                FloorClient.named(
                        System.getProperty("floor.client"), System.getProperty("floor.server"));
        codec = FloorCodec.named(System.getProperty("floor.codec"));
    }

    @Override
    public void destroy() {
        client.close();
    }

    @Override
    protected Items begin(HttpServletRequest request, HttpServletResponse response, Items items) {
        String key = UUID.randomUUID().toString();
        client.set(key, codec.write(items));
        response.addCookie(new Cookie(COOKIE, key));
        return items;
    }

    @Override
    protected Items read(HttpServletRequest request) {
        return codec.read(client.read(key(request)).value());
    }

    @Override
    protected Items write(HttpServletRequest request) {
        String key = key(request);
        FloorClient.Stored stored = client.read(key);
        Items items = codec.read(stored.value());
        items.change();
        client.replace(key, codec.write(items), stored.version());
        return items;
    }

    private static String key(HttpServletRequest request) {
        for (Cookie cookie : request.getCookies()) {
            if (cookie.getName().equals(COOKIE)) {
                return cookie.getValue();
            }
        }
        throw new IllegalArgumentException("the request has no cookie " + COOKIE);
    }
}
