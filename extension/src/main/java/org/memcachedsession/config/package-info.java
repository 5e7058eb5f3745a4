/**
 * Settings: where they come from, how their texts are read, what is wrong with them. Knows the JDK
 * and, in one class, the API of MicroProfile Config; {@link org.memcachedsession.SessionSettings}
 * stands on it.
 */
package org.memcachedsession.config;
