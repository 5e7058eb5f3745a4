package org.memcachedsession.http;

import io.undertow.Undertow;
import io.undertow.security.idm.Account;
import io.undertow.security.idm.Credential;
import io.undertow.security.idm.IdentityManager;
import io.undertow.security.idm.PasswordCredential;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.LoginConfig;
import io.undertow.servlet.api.SecurityConstraint;
import io.undertow.servlet.api.SecurityInfo;
import io.undertow.servlet.api.ServletContainer;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.api.WebResourceCollection;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.Principal;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Embedded Undertow, the servlet part of WildFly. */
final class UndertowServer implements ServletServer {

    private final Undertow undertow;
    private final ServletContainer container = ServletContainer.Factory.newInstance();
    private final DeploymentInfo info;
    private final DeploymentManager deployment;

    UndertowServer(Application application, int workers) throws Exception {
        info =
                Servlets.deployment()
                        .setClassLoader(UndertowServer.class.getClassLoader())
                        .setDeploymentName("test")
                        .setContextPath("")
                        .addServlet(
                                Servlets.servlet(
                                                "everything",
                                                application.servlet().getClass(),
                                                new ImmediateInstanceFactory<>(
                                                        application.servlet()))
                                        .addMapping("/")
                                        .setAsyncSupported(true))
                        .addErrorPage(Servlets.errorPage(application.errorPage(), STATUS_WITH_PAGE))
                        .addErrorPage(
                                Servlets.errorPage(application.errorPage(), PageException.class))
                        .setLoginConfig(new LoginConfig("BASIC", "test"))
                        .setIdentityManager(new Users())
                        .addSecurityConstraint(
                                new SecurityConstraint()
                                        .addWebResourceCollection(
                                                new WebResourceCollection()
                                                        .addUrlPattern(CLOSED + "/*"))
                                        .setEmptyRoleSemantic(
                                                SecurityInfo.EmptyRoleSemantic.AUTHENTICATE))
                        .addServletContainerInitializers(
                                initializer((types, context) -> outer(application, context)),
                                initializer(new SessionInitializer()),
                                initializer((types, context) -> inner(application, context)));
        deployment = container.addDeployment(info);
        deployment.deploy();
        undertow =
                Undertow.builder()
                        .addHttpListener(0, "127.0.0.1")
                        .setIoThreads(1)
                        .setWorkerThreads(workers)
                        .setHandler(deployment.start())
                        .build();
        undertow.start();
    }

    private static final class Users implements IdentityManager {
        @Override
        public Account verify(Account account) {
            return account;
        }

        @Override
        public Account verify(String name, Credential credential) {
            String password = new String(((PasswordCredential) credential).getPassword());
            return password.equals(PASSWORD) ? new User(name) : null;
        }

        @Override
        public Account verify(Credential credential) {
            return null;
        }
    }

    /** Named by what it is for: the principal of one user has no name. */
    private static final class User implements Account {
        private static final long serialVersionUID = 1L;
        private final String name;

        User(String name) {
            this.name = name;
        }

        @Override
        public Principal getPrincipal() {
            return NAMELESS.equals(name) ? () -> null : () -> name;
        }

        @Override
        public Set<String> getRoles() {
            return Set.of();
        }
    }

    private static ServletContainerInitializerInfo initializer(
            ServletContainerInitializer initializer) {
        return new ServletContainerInitializerInfo(
                initializer.getClass(), new ImmediateInstanceFactory<>(initializer), Set.of());
    }

    private static void outer(Application application, ServletContext context) {
        context.addListener(application.outerListener());
        FilterRegistration.Dynamic filter = context.addFilter("outer", application.outerFilter());
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
    }

    private static void inner(Application application, ServletContext context) {
        context.addListener(application.innerListener());
        FilterRegistration.Dynamic filter = context.addFilter("inner", application.innerFilter());
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), true, "/*");
    }

    @Override
    public URI uri() {
        InetSocketAddress address =
                (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
        return URI.create("http://127.0.0.1:" + address.getPort());
    }

    @Override
    public ServletContext context() {
        return deployment.getDeployment().getServletContext();
    }

    /** The one that reads and writes the network calls write listeners. */
    @Override
    public void onOtherThreads(Runnable task) {
        CompletableFuture.runAsync(task, undertow.getWorker().getIoThread()).join();
    }

    @Override
    public void close() throws Exception {
        undertow.stop();
        deployment.stop();
        deployment.undeploy();
        container.removeDeployment(info);
    }
}
