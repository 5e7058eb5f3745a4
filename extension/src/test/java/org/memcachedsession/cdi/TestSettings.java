package org.memcachedsession.cdi;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import org.memcachedsession.SessionSettings;

/** What a deployment without servlets has to set by code. */
@ApplicationScoped
class TestSettings {

    void set(@Observes SessionSettings.Builder builder) {
        builder.application("test");
        builder.servers(List.of(new SessionSettings.Server("127.0.0.1", 11211)));
    }
}
