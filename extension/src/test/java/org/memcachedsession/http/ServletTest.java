package org.memcachedsession.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What holds on every servlet server: the same tests on each. One worker thread serves all requests,
 * so that one that leaves its thread bound is found by the next.
 */
@ParameterizedClass
@EnumSource(ServletServer.Kind.class)
abstract class ServletTest {

    private static final Map<ServletServer.Kind, TestSite> SITES =
            new EnumMap<>(ServletServer.Kind.class);

    @Parameter ServletServer.Kind kind;

    TestSite site;
    Browser browser;

    @BeforeEach
    void openSite() throws Exception {
        site = SITES.get(kind);
        if (site == null) {
            site = new TestSite(kind, workers());
            SITES.put(kind, site);
        }
        site.reset(settings -> {});
        browser = new Browser(site);
    }

    int workers() {
        return 1;
    }

    @AfterEach
    void noThreadIsLeftBound() throws Exception {
        site.settle();
        assertThat(site.leftBound()).isEmpty();
    }

    @AfterAll
    static void closeSites() throws Exception {
        for (TestSite site : SITES.values()) {
            site.close();
        }
        SITES.clear();
    }
}
