/**
 * The history checker: browsers send parallel requests to several nodes, every write has a tag of its
 * own, and what the requests saw is checked afterwards in linear time.
 *
 * <p>{@link org.memcachedsession.history.Driver} makes a {@link
 * org.memcachedsession.history.History}, {@link org.memcachedsession.history.Checker} judges it, and
 * {@link org.memcachedsession.history.AnomalyKind} says what is not allowed. Order is by positions
 * that one process hands out, never by a clock: an answer counts as there when its head has arrived.
 */
package org.memcachedsession.history;
