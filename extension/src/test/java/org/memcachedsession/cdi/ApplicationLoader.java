package org.memcachedsession.cdi;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * As a server loads an application: its own classes before those of the server, which may lack some.
 */
final class ApplicationLoader extends URLClassLoader {

    private static final List<String> IN_THE_WAR =
            List.of(
                    "org.memcachedsession.",
                    "org.apache.fory.",
                    "net.rubyeye.xmemcached.",
                    "com.google.code.yanf4j.",
                    "org.slf4j.");

    private final List<String> own;
    private final List<String> absent;

    /**
     * @param absent packages that this server has not
     */
    ApplicationLoader(ClassLoader parent, List<String> absent) throws MalformedURLException {
        this(parent, IN_THE_WAR, absent);
    }

    private ApplicationLoader(ClassLoader parent, List<String> own, List<String> absent)
            throws MalformedURLException {
        super(classPath(), parent);
        this.own = own;
        this.absent = absent;
    }

    /** What a server has beside applications, anew. */
    static ApplicationLoader ofServer(ClassLoader parent, String itsPackage)
            throws MalformedURLException {
        return new ApplicationLoader(parent, List.of(itsPackage), List.of());
    }

    /** Of an application that leaves a package to its server. */
    static ApplicationLoader without(ClassLoader server, String itsPackage)
            throws MalformedURLException {
        List<String> own = new ArrayList<>(IN_THE_WAR);
        own.remove(itsPackage);
        return new ApplicationLoader(server, own, List.of());
    }

    private static URL[] classPath() throws MalformedURLException {
        List<Path> entries =
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(Path::of)
                        .collect(Collectors.toList());
        URL[] urls = new URL[entries.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = entries.get(i).toUri().toURL();
        }
        return urls;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (absent.stream().anyMatch(name::startsWith)) {
            throw new ClassNotFoundException(name);
        }
        if (own.stream().noneMatch(name::startsWith)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : findClass(name);
        }
    }
}
