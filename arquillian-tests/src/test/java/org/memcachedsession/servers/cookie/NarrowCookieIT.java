package org.memcachedsession.servers.cookie;

import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** For a part of the site, of this site alone, and for fourteen days. */
class NarrowCookieIT extends CookieIT {

    NarrowCookieIT() {
        super("path=/shop domain=none same-site=Strict secure=auto max-age=P14D");
    }

    @Deployment(testable = false)
    static WebArchive war() {
        return war(
                "memcached.session.cookie.path = /shop",
                "memcached.session.cookie.same-site = Strict",
                "memcached.session.cookie.max-age = P14D");
    }
}
