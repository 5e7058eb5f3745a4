package org.memcachedsession.http;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.util.EnumSet;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.authenticator.BasicAuthenticator;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.realm.GenericPrincipal;
import org.apache.catalina.realm.RealmBase;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.util.descriptor.web.LoginConfig;
import org.apache.tomcat.util.descriptor.web.SecurityCollection;
import org.apache.tomcat.util.descriptor.web.SecurityConstraint;

/** Embedded Tomcat. */
final class TomcatServer implements ServletServer {

    private final Tomcat tomcat = new Tomcat();
    private final Path directory;
    private final Context context;

    TomcatServer(Application application, int workers) throws Exception {
        directory = Files.createTempDirectory("tomcat");
        tomcat.setBaseDir(directory.toString());
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("maxThreads", Integer.toString(workers));
        connector.setProperty("minSpareThreads", Integer.toString(workers));
        tomcat.setConnector(connector);
        ((StandardHost) tomcat.getHost()).setAutoDeploy(false);
        context = tomcat.addContext("", new File(directory.toString()).getAbsolutePath());
        Wrapper servlet = Tomcat.addServlet(context, "everything", application.servlet());
        servlet.setAsyncSupported(true);
        context.addServletMappingDecoded("/", "everything");
        context.addServletContainerInitializer(
                (types, servletContext) -> outer(application, servletContext), Set.of());
        context.addServletContainerInitializer(new SessionInitializer(), Set.of());
        context.addServletContainerInitializer(
                (types, servletContext) -> inner(application, servletContext), Set.of());
        LoginConfig login = new LoginConfig();
        login.setAuthMethod("BASIC");
        context.setLoginConfig(login);
        context.setRealm(new Users());
        context.getPipeline().addValve(new BasicAuthenticator());
        SecurityConstraint closed = new SecurityConstraint();
        SecurityCollection paths = new SecurityCollection();
        paths.addPatternDecoded(CLOSED + "/*");
        closed.addCollection(paths);
        closed.setAuthConstraint(true);
        closed.addAuthRole(SecurityConstraint.ROLE_ALL_AUTHENTICATED_USERS);
        context.addConstraint(closed);
        context.addErrorPage(page(STATUS_WITH_PAGE, null, application.errorPage()));
        context.addErrorPage(page(0, PageException.class.getName(), application.errorPage()));
        quiet(Logger.getLogger("org.apache.catalina.core.ContainerBase.[Tomcat].[localhost].[/]"));
        tomcat.start();
    }

    private static final class Users extends RealmBase {
        @Override
        public Principal authenticate(String name, String password) {
            return PASSWORD.equals(password)
                    ? new GenericPrincipal(NAMELESS.equals(name) ? null : name)
                    : null;
        }

        @Override
        protected String getPassword(String name) {
            return PASSWORD;
        }

        @Override
        protected Principal getPrincipal(String name) {
            return new GenericPrincipal(name);
        }
    }

    /** Exceptions are what many tests want; Tomcat gives this logger a level of its own. */
    private static void quiet(Logger logger) {
        logger.setLevel(Level.OFF);
    }

    private static void outer(Application application, ServletContext context)
            throws ServletException {
        context.addListener(application.outerListener());
        FilterRegistration.Dynamic filter = context.addFilter("outer", application.outerFilter());
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
    }

    private static void inner(Application application, ServletContext context)
            throws ServletException {
        context.addListener(application.innerListener());
        FilterRegistration.Dynamic filter = context.addFilter("inner", application.innerFilter());
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), true, "/*");
    }

    private static ErrorPage page(int status, String exception, String location) {
        ErrorPage page = new ErrorPage();
        page.setErrorCode(status);
        page.setExceptionType(exception);
        page.setLocation(location);
        return page;
    }

    @Override
    public URI uri() {
        return URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort());
    }

    @Override
    public ServletContext context() {
        return context.getServletContext();
    }

    /** Its poller hands everything on to the workers. */
    @Override
    public void onOtherThreads(Runnable task) {}

    @Override
    public void close() throws Exception {
        tomcat.stop();
        tomcat.destroy();
        try (var files = Files.walk(directory)) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        }
    }
}
