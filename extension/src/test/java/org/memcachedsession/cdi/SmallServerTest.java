package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Constructor;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** A server need not have all of Jakarta EE: servlets and CDI do. */
class SmallServerTest {

    private static final List<String> ABSENT =
            List.of(
                    "jakarta.transaction.",
                    "jakarta.ws.rs.",
                    "jakarta.security.",
                    "jakarta.websocket.",
                    "jakarta.ejb.");

    @Test
    void loginMethodsWorkWithoutTransactionsSecurityAndRest() throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader ours = thread.getContextClassLoader();
        try (ApplicationLoader loader = new ApplicationLoader(ours, ABSENT)) {
            thread.setContextClassLoader(loader);
            for (String name :
                    List.of(
                            "jakarta.transaction.Synchronization",
                            "jakarta.ws.rs.core.Response",
                            "jakarta.security.enterprise.AuthenticationStatus")) {
                assertThatThrownBy(() -> loader.loadClass(name))
                        .isInstanceOf(ClassNotFoundException.class);
            }
            Constructor<?> constructor =
                    loader.loadClass(
                                    SmallServerTest.class.getPackageName()
                                            + ".SmallServerApplication")
                            .getDeclaredConstructor();
            constructor.setAccessible(true);

            assertThat(((Callable<?>) constructor.newInstance()).call())
                    .isEqualTo(List.of(true, false, true));
        } finally {
            thread.setContextClassLoader(ours);
        }
    }
}
