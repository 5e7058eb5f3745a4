package org.memcachedsession.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** What one request of the stress test does, and what its user knows afterwards. */
enum StressDeed {
    READ(60, "/read", 200, Effect.READS),
    WRITE(80, "/write", 200, Effect.WRITES),
    CHECKED_EXCEPTION(6, "/checked", 500, Effect.WRITES),
    RUNTIME_EXCEPTION(6, "/runtime", 500, Effect.WRITES),
    ERROR(6, "/error", 500, Effect.WRITES),
    EXCEPTION_WITH_PAGE(6, "/exception-with-page", 500, Effect.WRITES),
    FAILED_CREATION(6, "/failed-creation", 500, Effect.WRITES),
    UNSERIALIZABLE(6, "/unserializable", 500, Effect.NONE),
    SEND_ERROR(6, "/send-error", 400, Effect.WRITES),
    SEND_ERROR_WITH_PAGE(6, "/send-error-with-page", ServletServer.STATUS_WITH_PAGE, Effect.WRITES),
    ASYNC(10, "/async", 200, Effect.WRITES),
    ASYNC_ELSEWHERE(10, "/async-elsewhere", 200, Effect.WRITES),
    ASYNC_FAILURE(6, "/async-failure", 500, Effect.WRITES),
    TIMEOUT_ANSWERED(1, "/timeout-answered", 200, Effect.WRITES),
    TIMEOUT_UNHEARD(1, "/timeout-unheard", 500, Effect.WRITES),
    DISPATCH(8, "/dispatch", 200, Effect.WRITES),
    DISPATCH_ELSEWHERE(8, "/dispatch-elsewhere", 200, Effect.WRITES),
    NON_BLOCKING(10, "/non-blocking", 200, Effect.WRITES),
    STREAMED(10, "/streamed", 200, Effect.WRITES),
    /** Some servers end the answer properly. */
    BROKEN_OFF(6, "/broken-off", 200, Effect.WRITES),
    INCLUDES(10, "/includes", 200, Effect.WRITES),
    FORWARDS(10, "/forwards", 200, Effect.WRITES),
    FAILED_INCLUDES(6, "/failed-includes", 500, Effect.WRITES),
    INVALIDATE(10, "/invalidate", 200, Effect.ENDS),
    INVALIDATE_AND_BEGIN(6, "/invalidate-and-begin", 200, Effect.WRITES),
    CAPTURED(10, "/captured", 200, Effect.WRITES),
    LOAD_FAILS(6, "/write", 503, Effect.NONE, StressFailure.LOAD),
    SAVE_FAILS(6, "/write", 503, Effect.NONE, StressFailure.SAVE),
    ANSWER_LOST(6, "/write", 200, Effect.WRITES, StressFailure.ANSWER),
    ANSWERS_LOST(6, "/write", 503, Effect.MAY_HAVE_WRITTEN, StressFailure.ANSWERS),
    END_FAILS(3, "/invalidate", 503, Effect.NONE, StressFailure.END),
    END_UNKNOWN(3, "/invalidate", 503, Effect.MAY_HAVE_ENDED, StressFailure.ENDED),
    ABORT_HEAD(4, "/write"),
    ABORT_BODY(6, "/body"),
    ABORT_BODY_NON_BLOCKING(6, "/non-blocking-body"),
    ABORT_EARLY(12, ""),
    ABORT_STREAMED(6, "/streamed"),
    ABORT_NON_BLOCKING(6, "/non-blocking");

    /** What the user knows when the answer is here. */
    enum Effect {
        NONE,
        READS,
        WRITES,
        MAY_HAVE_WRITTEN,
        ENDS,
        MAY_HAVE_ENDED,
        /** The user is gone before the end, and the server goes on beside the next request. */
        ABANDONED
    }

    final String path;
    final int status;
    final Effect effect;
    final StressFailure failure;
    private final int share;

    /**
     * @param share how often it happens, compared with others
     */
    StressDeed(int share, String path, int status, Effect effect) {
        this(share, path, status, effect, StressFailure.NONE);
    }

    /** One whose user does not wait for the answer. */
    StressDeed(int share, String path) {
        this(share, path, 0, Effect.ABANDONED);
    }

    StressDeed(int share, String path, int status, Effect effect, StressFailure failure) {
        this.share = share;
        this.path = path;
        this.status = status;
        this.effect = effect;
        this.failure = failure;
    }

    /** So many deeds by chance, with each of them among them. */
    static List<StressDeed> shuffled(int count, RandomGenerator random) {
        List<StressDeed> shares = new ArrayList<>();
        for (StressDeed deed : values()) {
            shares.addAll(Collections.nCopies(deed.share, deed));
        }
        List<StressDeed> deeds = new ArrayList<>(List.of(values()));
        while (deeds.size() < count) {
            deeds.add(shares.get(random.nextInt(shares.size())));
        }
        for (int i = deeds.size() - 1; i > 0; i--) {
            Collections.swap(deeds, i, random.nextInt(i + 1));
        }
        return deeds;
    }
}
