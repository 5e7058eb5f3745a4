package org.memcachedsession.benchmarks.application.many;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.BeforeBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.util.AnnotationLiteral;
import org.memcachedsession.MemcachedSessionScoped;

/** Makes the beans of the session. */
public final class NumberedBeans implements Extension {

    /** How many. */
    static int count() {
        return Integer.getInteger("many.beans");
    }

    void add(@Observes BeforeBeanDiscovery event) {
        for (int i = 0; i < count(); i++) {
            event.addAnnotatedType(NumberedItems.class, "items " + i)
                    .add(new Scope())
                    .add(new Numbered.Literal(i));
        }
    }

    /** The scope of all. */
    private static final class Scope extends AnnotationLiteral<MemcachedSessionScoped>
            implements MemcachedSessionScoped {

        private static final long serialVersionUID = 1L;
    }
}
