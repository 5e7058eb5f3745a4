package org.memcachedsession.faults;

import java.net.URI;

/** An application server with the application of {@link KeptServlet}. */
interface Node extends AutoCloseable {

    URI uri();
}
