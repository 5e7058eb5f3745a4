/**
 * What users import. Begin with {@link org.memcachedsession.MemcachedSessionScoped}, which is the manual.
 */
package org.memcachedsession;
