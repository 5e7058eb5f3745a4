/**
 * What whole requests cost on application servers, in processor time of the server and of the store:
 * {@link org.memcachedsession.benchmarks.requests.MeasureRequests} measures and writes the figures down,
 * and makes the page and the plot of them.
 */
package org.memcachedsession.benchmarks.requests;
