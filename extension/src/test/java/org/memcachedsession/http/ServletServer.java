package org.memcachedsession.http;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServlet;
import java.net.URI;

/** An embedded servlet server on a free port of the loopback address, with one application. */
interface ServletServer extends AutoCloseable {

    /** The servers that this library runs on, and their threads' number is part of a test. */
    enum Kind {
        UNDERTOW {
            @Override
            ServletServer start(Application application, int workers) throws Exception {
                return new UndertowServer(application, workers);
            }
        },
        TOMCAT {
            @Override
            ServletServer start(Application application, int workers) throws Exception {
                return new TomcatServer(application, workers);
            }
        };

        /**
         * @param workers threads that serve requests
         */
        abstract ServletServer start(Application application, int workers) throws Exception;
    }

    /**
     * What is deployed. Our own filter and listener come between the outer and the inner ones, by the
     * initializer of the library.
     *
     * @param servlet serves every path, asynchronously too
     * @param outerListener registered before ours
     * @param innerListener registered after ours
     * @param errorPage serves the status {@link #STATUS_WITH_PAGE} and every {@link PageException}
     */
    record Application(
            HttpServlet servlet,
            Filter outerFilter,
            Filter innerFilter,
            ServletRequestListener outerListener,
            ServletRequestListener innerListener,
            String errorPage) {}

    /** Below this path a user has to be logged in, by name and password in a header (BASIC). */
    String CLOSED = "/closed";

    /** That of every user. */
    String PASSWORD = "secret";

    /** Whose principal has no name. */
    String NAMELESS = "nameless";

    /** Has an error page. */
    int STATUS_WITH_PAGE = 418;

    /** Has an error page. */
    final class PageException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    URI uri();

    ServletContext context();

    /** Runs a task on each thread beside the workers that may call the application, and waits for it. */
    void onOtherThreads(Runnable task);

    @Override
    void close() throws Exception;
}
