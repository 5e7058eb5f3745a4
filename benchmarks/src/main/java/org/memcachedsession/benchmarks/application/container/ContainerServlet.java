package org.memcachedsession.benchmarks.application.container;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.memcachedsession.benchmarks.application.Items;
import org.memcachedsession.benchmarks.application.MeasuredServlet;

/** Keeps the items in {@link ContainerItems}. */
@WebServlet({
    MeasuredServlet.BEGIN,
    MeasuredServlet.PLAIN,
    MeasuredServlet.READ,
    MeasuredServlet.WRITE
})
public class ContainerServlet extends MeasuredServlet {

    private static final long serialVersionUID = 1L;

    @Inject private transient ContainerItems bean;

    @Override
    protected Items begin(HttpServletRequest request, HttpServletResponse response, Items items) {
        bean.begin(items);
        return items;
    }

    @Override
    protected Items read(HttpServletRequest request) {
        return bean.read();
    }

    @Override
    protected Items write(HttpServletRequest request) {
        return bean.write();
    }
}
