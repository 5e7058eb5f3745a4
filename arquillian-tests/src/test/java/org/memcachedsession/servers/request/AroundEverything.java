package org.memcachedsession.servers.request;

import jakarta.inject.Inject;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;

/** Uses the session around the servlet: before our filter, after it, and before all filters. */
final class AroundEverything {

    private AroundEverything() {}

    abstract static class StepFilter extends HttpFilter {

        private static final long serialVersionUID = 1;

        @Inject transient Steps steps;

        @Override
        protected final void doFilter(
                HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            steps.add(name() + " in");
            chain.doFilter(request, response);
            steps.add(name() + " out");
        }

        abstract String name();
    }

    @WebFilter("/nothing/inner")
    public static class InnerFilter extends StepFilter {
        private static final long serialVersionUID = 1;

        @Override
        String name() {
            return "inner";
        }
    }

    public static class OuterFilter extends StepFilter {
        private static final long serialVersionUID = 1;

        @Override
        String name() {
            return "outer";
        }
    }

    /** Puts the outer filter before those that are there already. */
    @WebListener
    public static class OuterFilterFirst implements ServletContextListener {
        @Override
        public void contextInitialized(ServletContextEvent event) {
            event.getServletContext()
                    .addFilter("outer", OuterFilter.class)
                    .addMappingForUrlPatterns(
                            EnumSet.of(DispatcherType.REQUEST), false, "/nothing/outer");
        }
    }

    @WebListener
    public static class StepListener implements ServletRequestListener {

        @Inject Steps steps;

        @Override
        public void requestInitialized(ServletRequestEvent event) {
            if (applies(event)) {
                steps.add("listener in");
            }
        }

        private static boolean applies(ServletRequestEvent event) {
            HttpServletRequest request = (HttpServletRequest) event.getServletRequest();
            return request.getRequestURI().endsWith("/nothing/listener");
        }
    }
}
