package org.memcachedsession.nodes;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Stands in for payara-micro.jar in a JVM of its own: takes its port and its context root, and does
 * what the system property {@code fake} says.
 */
final class FakeServer {

    private FakeServer() {}

    public static void main(String[] args) throws IOException {
        List<String> arguments = List.of(args);
        System.out.println("fake server starts");
        switch (System.getProperty("fake")) {
            case "exits" -> System.exit(3);
            case "fails to deploy" -> {
                System.out.println(
                        "org.example.Wrong: no frames\norg.example.BeanException: no such bean");
                System.out.println("\tat org.example.Beans.find(Beans.java:1)");
                System.out.println("Exception while loading the app");
                serve(arguments, 404);
            }
            case "never ready" -> serve(arguments, 404);
            default -> serve(arguments, 200);
        }
    }

    private static void serve(List<String> arguments, int statusOfWar) throws IOException {
        int port = Integer.parseInt(valueOf("--port", arguments));
        String war = "/" + valueOf("--contextroot", arguments) + "/";
        HttpServer server =
                HttpServer.create(
                        new InetSocketAddress(
                                InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port),
                        0);
        server.createContext(
                "/",
                exchange -> {
                    boolean ofWar = exchange.getRequestURI().getPath().equals(war);
                    exchange.sendResponseHeaders(ofWar ? statusOfWar : 404, -1);
                    exchange.close();
                });
        server.start();
    }

    private static String valueOf(String option, List<String> arguments) {
        return arguments.get(arguments.indexOf(option) + 1);
    }

    /** A jar that starts this class. */
    static Path jar(Path directory) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FakeServer.class.getName());
        Path jar = directory.resolve("fake-server.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream content = new JarOutputStream(out, manifest)) {
            String entry = FakeServer.class.getName().replace('.', '/') + ".class";
            content.putNextEntry(new JarEntry(entry));
            try (var bytes = FakeServer.class.getResourceAsStream("/" + entry)) {
                bytes.transferTo(content);
            }
            content.closeEntry();
        }
        return jar;
    }
}
