/** The session of this library, with as many beans as the system property {@code many.beans} says. */
package org.memcachedsession.benchmarks.application.many;
