/** A small in-process memcached for development and tests, never for production. */
package org.memcachedsession.embedded;
