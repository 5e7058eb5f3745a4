/**
 * Where items live: the {@link org.memcachedsession.session.SessionStore} on memcached. The place
 * that knows xmemcached. One client per server, so that placement is ours and an outage of one
 * server is seen as that, never as sessions that are missing.
 *
 * <p>xmemcached brings connections, the reactor and the order of commands and answers. Its ready
 * commands are not used: they settle an answer by its first letters and put keys into the text of
 * their exceptions; {@link org.memcachedsession.store.ServerCommand} and its kind read every answer
 * whole and close the connection where one does not fit.
 */
package org.memcachedsession.store;
