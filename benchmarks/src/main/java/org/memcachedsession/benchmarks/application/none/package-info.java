/** Requests without a session. */
package org.memcachedsession.benchmarks.application.none;
