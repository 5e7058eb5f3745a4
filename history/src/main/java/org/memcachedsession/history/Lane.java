package org.memcachedsession.history;

import static org.memcachedsession.history.OperationKind.IDLE;
import static org.memcachedsession.history.OperationKind.INVALIDATE;
import static org.memcachedsession.history.OperationKind.READ;
import static org.memcachedsession.history.OperationKind.READ_AFTER_END;
import static org.memcachedsession.history.OperationKind.READ_AFTER_REDIRECT;
import static org.memcachedsession.history.OperationKind.WRITE;
import static org.memcachedsession.history.OperationKind.WRITE_AND_REDIRECT;
import static org.memcachedsession.history.OperationKind.WRITE_SEVERAL;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** One of the requests that a browser has under way: the next is sent when the last was answered. */
final class Lane {

    private static final int BEANS = 3;

    /** So that loading and saving lie apart, and now and then far apart. */
    private static final int LONGEST_WORK_MICROS = 3000;

    /** Larger than what servers hold back, so that the answer begins to leave before it is complete. */
    private static final int LARGE_BODY = 40_000;

    private static final int LARGE_BODY_PERCENT = 30;

    private final Plan plan;
    private final String run;
    private final Browser browser;
    private final Clients clients;
    private final Random random;
    private final List<Operation> operations = new ArrayList<>();

    Lane(Plan plan, String run, Browser browser, Clients clients, long seed) {
        this.plan = plan;
        this.run = run;
        this.browser = browser;
        this.clients = clients;
        this.random = new Random(seed);
    }

    /** What was done, the last request as well. */
    List<Operation> run(BooleanSupplier goesOn) throws InterruptedException {
        while (goesOn.getAsBoolean()) {
            OperationKind kind = anyKind();
            boolean answered = run(kind);
            if (answered && kind == WRITE_AND_REDIRECT) {
                run(READ_AFTER_REDIRECT);
            }
        }
        return operations;
    }

    private OperationKind anyKind() {
        int dice = random.nextInt(100);
        if (dice < 36) {
            return WRITE;
        } else if (dice < 48) {
            return WRITE_SEVERAL;
        } else if (dice < 63) {
            return WRITE_AND_REDIRECT;
        } else if (dice < 84) {
            return READ;
        } else if (dice < 91) {
            return READ_AFTER_END;
        }
        return dice < 97 ? IDLE : INVALIDATE;
    }

    /** Whether it was answered. */
    private boolean run(OperationKind kind) throws InterruptedException {
        Optional<Browser.Cookie> cookie =
                kind == READ_AFTER_END ? browser.endedCookie(random) : browser.cookie();
        if (kind == READ_AFTER_END && cookie.isEmpty()) {
            return false; // it has ended none yet
        }
        int node = random.nextInt(plan.nodes().size());
        SortedSet<Integer> writes = beans(kind);
        int start = clients.nextPosition();
        Optional<String> tag = writes.isEmpty() ? Optional.empty() : Optional.of(run + "." + start);
        URI uri = plan.nodes().get(node).resolve("api/" + path(kind, writes, tag));
        boolean reads = kind == READ || kind == READ_AFTER_END || kind == READ_AFTER_REDIRECT;
        Optional<Clients.Reply> reply =
                clients.send(
                        reads || kind == IDLE ? "GET" : "POST",
                        uri,
                        cookie.map(Browser.Cookie::id));
        reply.ifPresent(there -> browser.take(there, cookie));
        operations.add(
                new Operation(
                        start,
                        browser.number(),
                        "n" + (node + 1),
                        kind,
                        cookie.map(Browser.Cookie::session),
                        tag,
                        writes,
                        reply.map(Clients.Reply::answer)));
        return reply.isPresent();
    }

    private SortedSet<Integer> beans(OperationKind kind) {
        SortedSet<Integer> beans = new TreeSet<>();
        if (kind == WRITE || kind == WRITE_AND_REDIRECT) {
            beans.add(random.nextInt(BEANS));
        } else if (kind == WRITE_SEVERAL) {
            int leftOut = random.nextInt(BEANS + 1); // none, if it is the last
            for (int bean = 0; bean < BEANS; bean++) {
                if (bean != leftOut) {
                    beans.add(bean);
                }
            }
        }
        return beans;
    }

    private String path(OperationKind kind, SortedSet<Integer> writes, Optional<String> tag) {
        return switch (kind) {
            case WRITE, WRITE_SEVERAL -> "write" + query(writes, tag);
            case WRITE_AND_REDIRECT -> "write-and-redirect" + query(writes, tag);
            case READ, READ_AFTER_END, READ_AFTER_REDIRECT -> "read";
            case INVALIDATE -> "end";
            case IDLE -> "idle";
        };
    }

    private String query(SortedSet<Integer> writes, Optional<String> tag) {
        return "?beans=%s&tag=%s&work=%d&body=%d"
                .formatted(
                        writes.stream().map(String::valueOf).collect(Collectors.joining(",")),
                        tag.orElseThrow(),
                        random.nextInt(LONGEST_WORK_MICROS),
                        random.nextInt(100) < LARGE_BODY_PERCENT ? LARGE_BODY : 0);
    }
}
