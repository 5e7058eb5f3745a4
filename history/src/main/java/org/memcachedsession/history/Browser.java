package org.memcachedsession.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A browser's cookie, shared by its requests, and the cookies of sessions that it has ended. */
final class Browser {

    private static final int ENDED_KEPT = 8;

    /**
     * A session cookie.
     *
     * @param id what is sent
     * @param session its fingerprint
     */
    record Cookie(String id, String session) {}

    private final int number;
    private final Deque<Cookie> ended = new ArrayDeque<>();
    private Cookie cookie;

    Browser(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    synchronized Optional<Cookie> cookie() {
        return Optional.ofNullable(cookie);
    }

    /** One of the last; empty if it has ended none. */
    synchronized Optional<Cookie> endedCookie(Random random) {
        List<Cookie> all = new ArrayList<>(ended);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    /**
     * Does what the answer says, whichever cookie the browser has by now.
     *
     * @param sent what the request had
     */
    synchronized void take(Clients.Reply reply, Optional<Cookie> sent) {
        Answer answer = reply.answer();
        if (answer.origin() == Origin.ENDED && sent.isPresent()) {
            ended.addLast(sent.get());
            if (ended.size() > ENDED_KEPT) {
                ended.removeFirst();
            }
        }
        if (reply.cookie().isEmpty()) {
            return;
        }
        String id = reply.cookie().get();
        if (id.isEmpty()) {
            cookie = null;
            return;
        }
        cookie =
                new Cookie(
                        id,
                        answer.session()
                                .orElseThrow(
                                        () ->
                                                new IllegalStateException(
                                                        "a session cookie was given in an answer"
                                                                + " without a session: "
                                                                + answer)));
    }
}
