/**
 * Requests and answers: who begins a unit of work, when it is saved, the cookie. Knows {@code
 * session}; the only room that imports the servlet API, but for the start in {@code cdi}.
 */
package org.memcachedsession.http;
