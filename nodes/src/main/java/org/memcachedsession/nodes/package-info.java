/** Application servers and memcached as processes of this machine, bound to loopback. */
package org.memcachedsession.nodes;
