package org.memcachedsession.benchmarks.requests;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.enterprise.inject.spi.Extension;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.memcachedsession.benchmarks.application.MeasuredServlet;
import org.memcachedsession.benchmarks.application.many.NumberedBeans;

/**
 * Makes the WAR of a mode from the classes of this module: the same application, and what keeps its
 * sessions.
 */
final class WarFile {

    private static final String BEANS_XML =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <beans xmlns="https://jakarta.ee/xml/ns/jakartaee" version="4.0" bean-discovery-mode="annotated"/>
            """;

    private static final String DISTRIBUTABLE_WEB_XML =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0"><distributable/></web-app>
            """;

    private WarFile() {}

    /** Writes {@code measured.war} into a directory, and over one that is there. */
    static Path write(Mode mode, Path directory) {
        Path war = directory.resolve("measured.war");
        try {
            Files.createDirectories(directory);
            try (OutputStream file = Files.newOutputStream(war);
                    ZipOutputStream out = new ZipOutputStream(file)) {
                add("WEB-INF/beans.xml", BEANS_XML.getBytes(UTF_8), out);
                if (mode.keeper() == Mode.Keeper.CLUSTER) {
                    add("WEB-INF/web.xml", DISTRIBUTABLE_WEB_XML.getBytes(UTF_8), out);
                }
                if (mode == Mode.OURS_MANY) {
                    add(
                            "WEB-INF/classes/META-INF/services/" + Extension.class.getName(),
                            NumberedBeans.class.getName().getBytes(UTF_8),
                            out);
                }
                addPackage(MeasuredServlet.class, out);
                addPackage(mode.servlet(), out);
                for (Class<?> inLibrary : mode.libraries()) {
                    Path jar = location(inLibrary);
                    add("WEB-INF/lib/" + jar.getFileName(), Files.readAllBytes(jar), out);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return war;
    }

    /** The class files beside this class's own, without those of packages below. */
    private static void addPackage(Class<?> inPackage, ZipOutputStream out) throws IOException {
        String folder = inPackage.getPackageName().replace('.', '/');
        try (Stream<Path> files = Files.list(location(inPackage).resolve(folder))) {
            List<Path> classes =
                    files.filter(file -> file.toString().endsWith(".class")).sorted().toList();
            for (Path file : classes) {
                String name = "WEB-INF/classes/" + folder + "/" + file.getFileName();
                add(name, Files.readAllBytes(file), out);
            }
        }
    }

    private static void add(String name, byte[] content, ZipOutputStream out) throws IOException {
        out.putNextEntry(new ZipEntry(name));
        out.write(content);
        out.closeEntry();
    }

    private static Path location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new MeasurementException("cannot find where " + type + " comes from", e);
        }
    }
}
