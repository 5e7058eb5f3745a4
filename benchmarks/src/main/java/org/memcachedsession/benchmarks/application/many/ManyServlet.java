package org.memcachedsession.benchmarks.application.many;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.memcachedsession.benchmarks.application.BeanServlet;
import org.memcachedsession.benchmarks.application.Items;
import org.memcachedsession.benchmarks.application.KeptItems;
import org.memcachedsession.benchmarks.application.MeasuredServlet;

/** Begins the session with all beans; a request uses the first. */
@WebServlet({
    MeasuredServlet.BEGIN,
    MeasuredServlet.PLAIN,
    MeasuredServlet.READ,
    MeasuredServlet.WRITE
})
public class ManyServlet extends BeanServlet {

    private static final long serialVersionUID = 1L;

    @Inject @Any private transient Instance<NumberedItems> beans;

    @Inject
    @Numbered(0)
    private transient NumberedItems first;

    @Override
    protected Items begin(HttpServletRequest request, HttpServletResponse response, Items items) {
        for (int i = 0; i < NumberedBeans.count(); i++) {
            beans.select(new Numbered.Literal(i)).get().begin(Items.of(items.list().size()));
        }
        return items;
    }

    @Override
    protected KeptItems bean() {
        return first;
    }
}
