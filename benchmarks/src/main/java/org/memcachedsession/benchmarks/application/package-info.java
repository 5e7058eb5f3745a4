/**
 * The application whose requests are measured: one content of sessions and one answer, for every kind of
 * session. A package below this one holds the servlet of one kind; the WAR of a mode has this package and
 * that one.
 */
package org.memcachedsession.benchmarks.application;
