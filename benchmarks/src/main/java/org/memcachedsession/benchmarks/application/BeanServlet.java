package org.memcachedsession.benchmarks.application;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Keeps the items in a bean, whose scope is the subclass's. */
public abstract class BeanServlet extends MeasuredServlet {

    private static final long serialVersionUID = 1L;

    /** The bean, or its proxy. */
    protected abstract KeptItems bean();

    @Override
    protected Items begin(HttpServletRequest request, HttpServletResponse response, Items items) {
        bean().begin(items);
        return items;
    }

    @Override
    protected final Items read(HttpServletRequest request) {
        return bean().read();
    }

    @Override
    protected final Items write(HttpServletRequest request) {
        return bean().write();
    }
}
