package org.memcachedsession.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.memcachedsession.http.StressApplication.Visit;
import org.memcachedsession.http.StressDeed.Effect;

/** One user of the stress test, with a browser, who remembers what was acknowledged. */
final class StressUser {

    /** Left half way, each goes on to its end by itself. */
    private static final List<String> MAY_BE_LEFT =
            List.of(
                    "/write",
                    "/runtime",
                    "/send-error-with-page",
                    "/async",
                    "/async-elsewhere",
                    "/async-failure",
                    "/timeout-unheard",
                    "/dispatch",
                    "/dispatch-elsewhere",
                    "/captured",
                    "/streamed",
                    "/non-blocking");

    /** What the user knows of the session whose cookie the browser has. */
    private enum Existence {
        NONE,
        /** Its end got no answer. Where a request left before has written meanwhile, it did not happen. */
        UNKNOWN,
        CERTAIN
    }

    private final String name;
    private final TestSite site;
    private final Browser browser;
    private final ServletServer.Kind server;
    private final RandomGenerator random;
    private final Consumer<String> faults;
    private final Predicate<Visit> hasTimedOut;
    private long tag;
    private long since; // what is older must not be seen any more
    private Existence session = Existence.NONE;

    /**
     * @param faults told what was seen that must not be
     * @param hasTimedOut whether the server has ended by itself what was to be left
     */
    StressUser(
            String name,
            TestSite site,
            ServletServer.Kind server,
            RandomGenerator random,
            Consumer<String> faults,
            Predicate<Visit> hasTimedOut) {
        this.name = name;
        this.site = site;
        this.server = server;
        this.browser = new Browser(site);
        this.random = random;
        this.faults = faults;
        this.hasTimedOut = hasTimedOut;
    }

    void act(StressDeed deed) throws InterruptedException {
        if (deed.failure != StressFailure.NONE && session != Existence.CERTAIN) {
            act(StressDeed.WRITE); // the store is not asked for what is not there
            return;
        }
        tag++;
        if (deed.effect == Effect.ABANDONED) {
            abandon(deed);
            return;
        }
        String idBefore = browser.id();
        HttpResponse<String> answer = answer(deed);
        if (answer == null) {
            if (deed != StressDeed.BROKEN_OFF) {
                faults.accept("no answer at " + deed + " by " + name + ' ' + tag);
            }
        } else if (answer.statusCode() != deed.status) {
            faults.accept(answer.statusCode() + " at " + deed + " by " + name + ' ' + tag);
        } else {
            learn(deed, answer, idBefore);
        }
    }

    /** Null where it broke off. */
    private HttpResponse<String> answer(StressDeed deed) throws InterruptedException {
        Visit visit = new Visit(name, tag, since, session == Existence.CERTAIN, false);
        try {
            return browser.get(
                    deed.path + visit.query() + StressApplication.failWith(deed.failure));
        } catch (IOException e) {
            return null;
        }
    }

    private void learn(StressDeed deed, HttpResponse<String> answer, String idBefore) {
        switch (deed.effect) {
            case READS -> {
                if (!answer.body().equals(StressApplication.NOTHING)) {
                    since = Long.parseLong(answer.body()); // from now on for certain
                }
            }
            case WRITES -> {
                since = tag;
                boolean hasNewId = !Objects.equals(browser.id(), idBefore);
                if (!hasNewId && mayLackTheCookie(deed)) {
                    break; // nothing learnt
                }
                if (!hasNewId && session == Existence.NONE) {
                    faults.accept("no cookie at " + deed + " by " + name + ' ' + tag);
                    break;
                }
                session = Existence.CERTAIN;
            }
            case ENDS -> {
                since = tag;
                session = Existence.NONE;
            }
            case MAY_HAVE_ENDED -> session = Existence.UNKNOWN;
            case NONE, MAY_HAVE_WRITTEN, ABANDONED -> {}
        }
    }

    /** Undertow drops the headers of what failed, and the cookie of a new session with them. */
    private boolean mayLackTheCookie(StressDeed deed) {
        return server == ServletServer.Kind.UNDERTOW
                && deed.status == HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
    }

    // ---- leaving before the end

    private void abandon(StressDeed deed) {
        Visit visit = new Visit(name, tag, since, session == Existence.CERTAIN, true);
        try (Socket socket = site.open(request(deed, visit))) {
            if (deed == StressDeed.ABORT_STREAMED || deed == StressDeed.ABORT_NON_BLOCKING) {
                TestSite.readUntil(socket.getInputStream(), "xxx");
            }
            if (random.nextBoolean()) {
                socket.setSoLinger(true, 0); // a reset and no polite end
            }
        } catch (IOException e) {
            if (!hasTimedOut.test(visit)) {
                faults.accept(e + " at " + deed + " by " + name + ' ' + tag);
            }
        }
    }

    private String request(StressDeed deed, Visit visit) {
        String path =
                deed == StressDeed.ABORT_EARLY
                        ? MAY_BE_LEFT.get(random.nextInt(MAY_BE_LEFT.size()))
                        : deed.path;
        String cookie = browser.id() == null ? "" : "Cookie: sid=" + browser.id() + "\r\n";
        String head = path + visit.query() + " HTTP/1.1\r\nHost: localhost\r\n" + cookie;
        return switch (deed) {
            case ABORT_HEAD -> "GET " + head.substring(0, random.nextInt(head.length()));
            case ABORT_BODY, ABORT_BODY_NON_BLOCKING ->
                    "POST " + head + "Content-Length: 10000\r\n\r\n" + "x".repeat(100);
            default -> "GET " + head + "\r\n";
        };
    }
}
