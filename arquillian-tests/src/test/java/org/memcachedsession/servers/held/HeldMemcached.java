package org.memcachedsession.servers.held;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InputStream;
import org.memcachedsession.SessionSettings;

/** Has the application use the memcached that the test packed into it, whatever the server is told. */
@Dependent
class HeldMemcached {

    static final String ADDRESS = "address-of-memcached";

    void use(@Observes SessionSettings.Builder settings) throws IOException {
        try (InputStream address = HeldMemcached.class.getResourceAsStream("/" + ADDRESS)) {
            settings.servers(new String(address.readAllBytes(), UTF_8));
        }
    }
}
