package org.memcachedsession.cdi;

import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.http.WebSessions;
import org.memcachedsession.session.Sessions;
import org.memcachedsession.session.UnitOfWork;

/** The application where it has servlets. Kept apart, since a container may have no servlet API. */
final class WebApplication {

    private final ServletContext context;
    private final BeanManager beanManager;

    WebApplication(ServletContext context, BeanManager beanManager) {
        this.context = context;
        this.beanManager = beanManager;
    }

    String contextPath() {
        return context.getContextPath();
    }

    Map<String, String> contextParameters() {
        return Collections.list(context.getInitParameterNames()).stream()
                .collect(Collectors.toMap(Function.identity(), context::getInitParameter));
    }

    /**
     * Gives the application's requests their sessions.
     *
     * @return finds the unit of work of a request where the filter has not bound it to the thread
     */
    Supplier<UnitOfWork> install(Sessions sessions, SessionSettings settings) {
        return WebSessions.install(context, sessions, settings, currentRequest())::findOfThread;
    }

    /** CDI's own bean, which stands in for the request of the calling thread. */
    private Supplier<HttpServletRequest> currentRequest() {
        Set<Bean<?>> beans = beanManager.getBeans(HttpServletRequest.class);
        if (beans.isEmpty()) {
            return () -> null;
        }
        Bean<?> bean = beanManager.resolve(beans);
        HttpServletRequest request =
                (HttpServletRequest)
                        beanManager.getReference(
                                bean,
                                HttpServletRequest.class,
                                beanManager.createCreationalContext(bean));
        return () -> request;
    }
}
