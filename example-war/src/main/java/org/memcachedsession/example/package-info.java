/** A small tea shop: the cart and the visitor live in the session, and so follow the browser. */
package org.memcachedsession.example;
