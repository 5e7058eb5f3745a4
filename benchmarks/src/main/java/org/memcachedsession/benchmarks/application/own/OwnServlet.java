package org.memcachedsession.benchmarks.application.own;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import org.memcachedsession.benchmarks.application.BeanServlet;
import org.memcachedsession.benchmarks.application.KeptItems;
import org.memcachedsession.benchmarks.application.MeasuredServlet;

/** Keeps the items in {@link OwnItems}. */
@WebServlet({
    MeasuredServlet.BEGIN,
    MeasuredServlet.PLAIN,
    MeasuredServlet.READ,
    MeasuredServlet.WRITE
})
public class OwnServlet extends BeanServlet {

    private static final long serialVersionUID = 1L;

    @Inject private transient OwnItems bean;

    @Override
    protected KeptItems bean() {
        return bean;
    }
}
