package org.memcachedsession.servers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.shrinkwrap.api.Filters;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The WAR of a scenario: beans and resources beside the test, and the libraries that any user adds. */
public final class ScenarioWar {

    private ScenarioWar() {}

    /** Named after the package of the test. The test itself is not in it. */
    public static WebArchive beside(Class<?> test) {
        String name = test.getPackageName();
        return named(name.substring(name.lastIndexOf('.') + 1))
                .addPackages(false, Filters.exclude(".*IT(\\$.*)?\\.class"), test.getPackageName())
                .addClass(RestApplication.class);
    }

    /** One that says class by class what is in it. */
    public static WebArchive named(String name) {
        return ShrinkWrap.create(WebArchive.class, name + ".war")
                .addAsWebInfResource(
                        new StringAsset(
                                """
                                <beans xmlns="https://jakarta.ee/xml/ns/jakartaee" version="4.0"
                                       bean-discovery-mode="annotated"/>
                                """),
                        "beans.xml")
                .addAsLibraries(
                        library("memcached-session"), library("xmemcached"), library("slf4j-api"));
    }

    /** Writes it to a file whose name is its context root. */
    public static Path export(WebArchive war, Path file) {
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        war.as(ZipExporter.class).exportTo(file.toFile(), true);
        return file;
    }

    /** A library for assertions in tests that run in the server. */
    public static File library(String name) {
        return new File(System.getProperty("war.libs"), name + ".jar");
    }
}
