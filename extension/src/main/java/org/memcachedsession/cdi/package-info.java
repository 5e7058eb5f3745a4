/**
 * The portable extension: the scope's context, keys of beans, what happens at deployment. Knows the
 * other rooms; nobody knows it.
 */
package org.memcachedsession.cdi;
