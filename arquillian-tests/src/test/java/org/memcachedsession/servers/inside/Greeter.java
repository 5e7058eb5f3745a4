package org.memcachedsession.servers.inside;

/** Greets. */
interface Greeter {
    String greet(String name);
}
