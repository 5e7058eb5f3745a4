/** The container's own session. */
package org.memcachedsession.benchmarks.application.container;
