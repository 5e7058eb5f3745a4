package org.memcachedsession.benchmarks.application.none;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.memcachedsession.benchmarks.application.Items;
import org.memcachedsession.benchmarks.application.MeasuredServlet;

/** Keeps nothing and answers all the same: what a request costs without a session. */
@WebServlet({
    MeasuredServlet.BEGIN,
    MeasuredServlet.PLAIN,
    MeasuredServlet.READ,
    MeasuredServlet.WRITE
})
public final class NoSessionServlet extends MeasuredServlet {

    private static final long serialVersionUID = 1L;

    private static final Items ONE = Items.of(1);

    @Override
    protected Items begin(HttpServletRequest request, HttpServletResponse response, Items items) {
        return ONE;
    }

    @Override
    protected Items read(HttpServletRequest request) {
        return ONE;
    }

    @Override
    protected Items write(HttpServletRequest request) {
        return ONE;
    }
}
