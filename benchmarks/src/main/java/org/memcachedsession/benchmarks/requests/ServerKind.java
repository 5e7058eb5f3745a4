package org.memcachedsession.benchmarks.requests;

/** The application servers that are measured. */
enum ServerKind {
    PAYARA_MICRO("payara", "Payara Micro"),
    WILDFLY("wildfly", "WildFly");

    private final String id;
    private final String title;

    ServerKind(String id, String title) {
        this.id = id;
        this.title = title;
    }

    /** As in files and options. */
    String id() {
        return id;
    }

    /** For people. */
    String title() {
        return title;
    }
}
