package org.memcachedsession.config;

import java.util.Map;
import java.util.Optional;

/**
 * What the deployment itself brings to the settings.
 *
 * @param classLoader of the application: where its properties file is looked for, and whose
 *     MicroProfile Config is asked
 * @param contextParameters of {@code web.xml}, all of them; none without servlets
 * @param contextPath {@code ""} for the root; empty without servlets
 * @param embeddedModule whether the module embedded-memcached is on the class path
 * @param fory whether Apache Fory is, and can be used
 */
public record Deployment(
        ClassLoader classLoader,
        Map<String, String> contextParameters,
        Optional<String> contextPath,
        boolean embeddedModule,
        boolean fory) {

    public Deployment {
        contextParameters = Map.copyOf(contextParameters);
    }
}
