package org.memcachedsession.http;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.util.EnumSet;
import java.util.Set;

/**
 * Adds listeners and filter to the web application, without its {@code web.xml}: the filter before
 * those of the application, for every kind of dispatch.
 */
public final class SessionInitializer implements ServletContainerInitializer {

    private static final String FILTER_NAME = "memcached-session";

    @Override
    public void onStartup(Set<Class<?>> types, ServletContext context) {
        FilterRegistration.Dynamic filter = context.addFilter(FILTER_NAME, SessionFilter.class);
        if (filter == null) {
            return; // this initializer was found twice, in the WAR and in a library of the server
        }
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
        context.addListener(SessionRequestListener.class);
        context.addListener(ContainerIdListener.class);
    }
}
