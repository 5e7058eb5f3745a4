package org.memcachedsession.session;

import java.time.Duration;
import java.util.Optional;
import org.memcachedsession.SessionSettings;

/**
 * What is the same for all sessions of an application.
 *
 * @param idleTimeout how long a session lives without a request, thirty days at most
 * @param absoluteTimeout how long a session lives from its creation or from a login
 * @param unusedSlides whether a request that does not use its session keeps it alive
 * @param rotationGrace how long a renewed id leads on to its successor, and how long requests that were
 *     on their way when their id was given up may arrive
 * @param rotationInterval after which the id of a session is renewed by itself; empty: never
 * @param cookieSlides whether the browser's cookie ends by itself, so that it is to be given again
 * @param endsEverywhere whether all sessions of a principal can be ended at once
 * @param sizeLimit bytes of the largest item that is sent
 * @param sizeWarning bytes from which on a session is worth a warning
 * @param worksWithoutStore whether a request whose session cannot be loaded works on beans that are not
 *     stored
 * @param slidesByLoad whether a load may start the idle time anew. Not where a request may turn out after it to
 *     be none that keeps its session alive
 */
public record SessionRules(
        Duration idleTimeout,
        Duration absoluteTimeout,
        boolean unusedSlides,
        Duration rotationGrace,
        Optional<Duration> rotationInterval,
        boolean cookieSlides,
        boolean endsEverywhere,
        int sizeLimit,
        int sizeWarning,
        boolean worksWithoutStore,
        boolean slidesByLoad) {

    /**
     * @param slidesByLoad as above
     */
    public static SessionRules of(SessionSettings settings, boolean slidesByLoad) {
        return new SessionRules(
                settings.idleTimeout(),
                settings.absoluteTimeout(),
                settings.slide() == SessionSettings.Slide.REQUEST,
                settings.rotationGrace(),
                settings.rotationInterval(),
                settings.cookieMaxAge().isPresent(),
                settings.logoutEverywhere(),
                settings.sizeLimit(),
                settings.sizeWarn(),
                settings.outage() == SessionSettings.Outage.TRANSIENT,
                slidesByLoad);
    }
}
