/**
 * The rules of a session: id, record, unit of work, merge, expiry; and the ports they need. Imports
 * the JDK and {@link org.memcachedsession} only.
 */
package org.memcachedsession.session;
