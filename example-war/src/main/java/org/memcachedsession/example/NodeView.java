package org.memcachedsession.example;

import java.util.List;

/**
 * The node that answered.
 *
 * @param ports of all nodes on this machine, if it was told of them
 */
public record NodeView(String name, List<Integer> ports) {}
