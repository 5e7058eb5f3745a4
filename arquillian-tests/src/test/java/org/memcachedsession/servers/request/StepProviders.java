package org.memcachedsession.servers.request;

import jakarta.inject.Inject;
import jakarta.ws.rs.NameBinding;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.WriterInterceptor;
import jakarta.ws.rs.ext.WriterInterceptorContext;
import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What JAX-RS calls around a resource method. */
final class StepProviders {

    private StepProviders() {}

    @NameBinding
    @Target({ElementType.TYPE, ElementType.METHOD})
    @Retention(RetentionPolicy.RUNTIME)
    public @interface Filtered {}

    @NameBinding
    @Target({ElementType.TYPE, ElementType.METHOD})
    @Retention(RetentionPolicy.RUNTIME)
    public @interface Aborted {}

    @Provider
    @Filtered
    public static class Filters implements ContainerRequestFilter, ContainerResponseFilter {

        @Inject Steps steps;

        @Override
        public void filter(ContainerRequestContext request) {
            steps.add("request filter");
        }

        @Override
        public void filter(ContainerRequestContext request, ContainerResponseContext response) {
            steps.add("response filter");
        }
    }

    @Provider
    @Filtered
    public static class Writing implements WriterInterceptor {

        @Inject Steps steps;

        @Override
        public void aroundWriteTo(WriterInterceptorContext context) throws IOException {
            steps.add("writing");
            context.proceed();
        }
    }

    @Provider
    @Aborted
    public static class Aborting implements ContainerRequestFilter {

        @Inject Steps steps;

        @Override
        public void filter(ContainerRequestContext request) {
            steps.add("aborted");
            request.abortWith(Response.status(401).build());
        }
    }

    static class Mapped extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @Provider
    public static class Mapper implements ExceptionMapper<Mapped> {

        @Inject Steps steps;

        @Override
        public Response toResponse(Mapped exception) {
            steps.add("mapped");
            return Response.status(422).build();
        }
    }
}
