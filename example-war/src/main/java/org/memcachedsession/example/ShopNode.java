package org.memcachedsession.example;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.stream.Stream;

/** This server, as the shop shows it. */
@ApplicationScoped
public class ShopNode {

    /** The system property {@code shop.node}, else address and port. */
    public String name(HttpServletRequest request) {
        String name = System.getProperty("shop.node", "");
        return name.isBlank() ? request.getLocalAddr() + ":" + request.getLocalPort() : name;
    }

    /** Where the same shop runs on this host: the system property {@code shop.ports}, with commas. */
    public List<Integer> ports() {
        return Stream.of(System.getProperty("shop.ports", "").split(","))
                .map(String::strip)
                .filter(port -> port.matches("[0-9]{1,5}"))
                .map(Integer::valueOf)
                .toList();
    }
}
