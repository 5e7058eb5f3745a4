package org.memcachedsession.servers.cookie;

import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** For all hosts of a domain, and within the pages of other sites. */
class WideCookieIT extends CookieIT {

    WideCookieIT() {
        super("path=/ domain=example.org same-site=None secure=auto max-age=none");
    }

    @Deployment(testable = false)
    static WebArchive war() {
        return war(
                "memcached.session.cookie.domain = example.org",
                "memcached.session.cookie.same-site = None");
    }
}
