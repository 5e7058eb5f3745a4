/**
 * The least that a servlet can do for a session in memcached: no product, but what products are compared
 * with. A read knows that it has changed nothing and does not write.
 */
package org.memcachedsession.benchmarks.application.floor;
