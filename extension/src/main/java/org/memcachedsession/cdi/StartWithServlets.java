package org.memcachedsession.cdi;

import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.Set;

/**
 * Starts with the servlet context, before the application's own listeners: only then are all sources
 * of settings there, the context parameters among them. What goes wrong fails the deployment. An
 * extension does not hear of the servlet context by {@code @Initialized(ApplicationScoped)}: servers
 * tell the beans of the web application alone.
 */
public final class StartWithServlets implements ServletContainerInitializer {

    @Override
    public void onStartup(Set<Class<?>> types, ServletContext context) {
        context.addListener(Listener.class);
    }

    /** For the server. */
    public static final class Listener implements ServletContextListener {
        @Override
        public void contextInitialized(ServletContextEvent event) {
            BeanManager beanManager = CDI.current().getBeanManager();
            beanManager
                    .getExtension(MemcachedSessionExtension.class)
                    .start(new WebApplication(event.getServletContext(), beanManager), beanManager);
        }
    }
}
