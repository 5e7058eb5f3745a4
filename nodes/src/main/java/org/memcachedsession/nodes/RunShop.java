package org.memcachedsession.nodes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs the example shop on Payara Micro nodes that share one memcached, until this JVM is asked to end. */
public final class RunShop {

    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

    private RunShop() {}

    /**
     * @param args payara-micro.jar, the WAR of the shop, a directory for the logs, and the ports
     *     with commas between them, one for each node
     */
    public static void main(String[] args) throws InterruptedException {
        Path payaraMicroJar = Path.of(args[0]);
        Path war = Path.of(args[1]);
        Path directory = Path.of(args[2]);
        List<Integer> ports = ports(args[3]);
        refuseTakenPorts(ports);

        List<Node> nodes = new ArrayList<>();
        try (LocalMemcached memcached = LocalMemcached.start()) {
            say("Started %s.", memcached);
            for (int i = 0; i < ports.size(); i++) {
                NodeSettings settings =
                        NodeSettings.of("node-" + (i + 1), war, directory)
                                .withPort(ports.get(i))
                                .withReadyPath("api/node")
                                .withSystemProperty(
                                        "memcached.session.servers", memcached.address())
                                .withSystemProperty("shop.node", "node-" + (i + 1))
                                .withSystemProperty("shop.ports", joined(ports));
                nodes.add(PayaraMicroNode.launch(payaraMicroJar, settings));
            }
            say(
                    "Starting %d Payara Micro nodes, which takes about half a minute ...",
                    nodes.size());
            nodes.forEach(Node::awaitReady);
            say("%s", banner(nodes, memcached.toString()));
            awaitEndOfOne(nodes);
        } finally {
            nodes.forEach(Node::close);
        }
    }

    /**
     * @throws NodeException one is not a port, or is there twice
     */
    static List<Integer> ports(String text) {
        List<String> words = Stream.of(text.split(",", -1)).map(String::strip).toList();
        List<Integer> ports =
                words.stream()
                        .filter(word -> word.matches("[0-9]{1,5}"))
                        .map(Integer::valueOf)
                        .filter(port -> port >= 1 && port <= 65535)
                        .distinct()
                        .toList();
        if (ports.size() < words.size()) {
            throw new NodeException(
                    "shop.ports is \"%s\". It needs different ports from 1 to 65535 with commas between them, such as -Dshop.ports=8090,8091."
                            .formatted(text));
        }
        return ports;
    }

    /**
     * @throws NodeException somebody listens on one
     */
    static void refuseTakenPorts(List<Integer> ports) {
        List<Integer> taken = ports.stream().filter(LoopbackPorts::isTaken).toList();
        if (!taken.isEmpty()) {
            throw new NodeException(
                    "port %s is in use on this machine. End the program that listens there, or choose other ports: mvn -Prun -Dshop.ports=8090,8091"
                            .formatted(joined(taken)));
        }
    }

    static String banner(List<? extends Node> nodes, String memcached) {
        Node first = nodes.get(0);
        Node last = nodes.get(nodes.size() - 1);
        return """

        ================================================================
         The shop is open. Put something in the cart on one node
         and look at it on the other.

        %s

         Or without a browser: add on one node, look on the other

           curl -c jar.txt -b jar.txt -X POST %sapi/cart/sencha
           curl -c jar.txt -b jar.txt %sapi/session

         Sessions: %s
         Logs:     %s
         Ctrl-C ends it all.
        ================================================================
        """
                .formatted(
                        nodes.stream()
                                .map(node -> "   %-8s %s".formatted(node.name(), node.url()))
                                .collect(Collectors.joining("\n")),
                        first.url(),
                        last.url(),
                        memcached,
                        nodes.stream()
                                .map(node -> node.log().toString())
                                .collect(Collectors.joining("\n           ")));
    }

    private static void awaitEndOfOne(List<Node> nodes) throws InterruptedException {
        while (nodes.stream().allMatch(Node::isAlive)) {
            Thread.sleep(LOOK_INTERVAL.toMillis());
        }
        // Ctrl-C reaches the nodes as well as this JVM, and is no failure to report
        Thread.sleep(LOOK_INTERVAL.toMillis());
        if (ChildProcess.isJvmEnding()) {
            new CountDownLatch(1).await();
        }
        for (Node node : nodes) {
            if (!node.isAlive()) {
                throw new NodeException(
                        "node %s has ended, and so the others are ended too. The end of %s:%n%s"
                                .formatted(
                                        node.name(),
                                        node.log(),
                                        new LogFile(node.log()).tail(ServerNode.EXCERPT_LINES)));
            }
        }
    }

    private static String joined(List<Integer> ports) {
        return ports.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** To people, so not through a logger. */
    private static void say(String format, Object... arguments) {
        System.out.printf(format + "%n", arguments);
    }
}
