/** What users import. */
package org.memcachedsession;
