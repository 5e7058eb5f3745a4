package org.memcachedsession.servers.canary;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.memcachedsession.SessionConflicted;
import org.memcachedsession.SessionCreated;
import org.memcachedsession.SessionEnded;
import org.memcachedsession.SessionLost;
import org.memcachedsession.SessionRefused;
import org.memcachedsession.SessionRotated;

/** An application that writes down each event as it is. */
@ApplicationScoped
public class EventsHeard {

    @Inject Recorder recorder;

    void created(@Observes SessionCreated event) {
        recorder.note("application", event);
    }

    void rotated(@Observes SessionRotated event) {
        recorder.note("application", event);
    }

    void ended(@Observes SessionEnded event) {
        recorder.note("application", event);
    }

    void lost(@Observes SessionLost event) {
        recorder.note("application", event);
    }

    void refused(@Observes SessionRefused event) {
        recorder.note("application", event);
    }

    void conflicted(@Observes SessionConflicted event) {
        recorder.note("application", event);
    }
}
