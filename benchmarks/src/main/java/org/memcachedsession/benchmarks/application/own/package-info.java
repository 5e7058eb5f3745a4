/** The session of this library. */
package org.memcachedsession.benchmarks.application.own;
