package org.memcachedsession.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.memcachedsession.SessionSettings;

/** Which requests keep a session alive. */
class SlideTest extends ServletTest {

    private static final Duration IDLE = Duration.ofMinutes(30); // as the site sets it
    private static final Duration LATER = Duration.ofMinutes(20);

    private Duration timeLeft() {
        return site.store().timeLeft(site.itemKey(browser.id())).orElseThrow();
    }

    private void begin() throws Exception {
        site.page("/", (request, response) -> site.counter("a").add());
        site.page("/poll/news", (request, response) -> site.find("a"));
        site.page("/poll/write", (request, response) -> site.counter("a").add());
        site.page("/image.png", (request, response) -> {});
        site.page(
                "/forwards",
                (request, response) ->
                        request.getRequestDispatcher("/poll/news").forward(request, response));
        browser.get("/");
        site.settle();
        site.clock().advance(LATER);
    }

    @Test
    void everyRequestDoes() throws Exception {
        begin();
        browser.get("/image.png");
        site.settle();
        assertThat(timeLeft()).isEqualTo(IDLE);
    }

    @Test
    void thoseOfExcludedPathsDoNotWhateverTheyDo() throws Exception {
        site.reset(settings -> settings.slideExclude(List.of("/poll/*", "*.png")));
        begin();
        browser.get("/poll/news");
        browser.get("/image.png");
        browser.get("/poll/write");
        site.settle();
        assertThat(timeLeft()).isEqualTo(IDLE.minus(LATER));

        browser.get("/");
        site.settle();
        assertThat(timeLeft()).isEqualTo(IDLE);
    }

    @Test
    void thePathIsThatOfTheUrlAndNotOfAForward() throws Exception {
        site.reset(settings -> settings.slideExclude(List.of("/poll/*")));
        begin();
        browser.get("/forwards");
        site.settle();
        assertThat(timeLeft()).isEqualTo(IDLE);
    }

    @Test
    void whereUseIsToCountOnlyThoseDoThatUseTheSession() throws Exception {
        site.reset(settings -> settings.slide(SessionSettings.Slide.USE));
        begin();
        browser.get("/image.png");
        site.settle();
        assertThat(timeLeft()).isEqualTo(IDLE.minus(LATER));

        browser.get("/poll/news");
        site.settle();
        assertThat(timeLeft()).isEqualTo(IDLE);
    }
}
