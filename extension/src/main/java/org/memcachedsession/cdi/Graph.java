package org.memcachedsession.cdi;

import java.io.Serializable;

/**
 * Instance and {@code CreationalContext} in one object graph, so that a dependent object is the same
 * one in the bean's field and in the context that destroys it.
 */
final class Graph implements Serializable {

    private static final long serialVersionUID = 1L;

    // the container has checked that the bean is serializable
    @SuppressWarnings("serial")
    final Object instance;

    // the container gives the beans of a passivating scope contexts that are serializable
    @SuppressWarnings("serial")
    final Object creationalContext;

    Graph(Object instance, Object creationalContext) {
        this.instance = instance;
        this.creationalContext = creationalContext;
    }
}
