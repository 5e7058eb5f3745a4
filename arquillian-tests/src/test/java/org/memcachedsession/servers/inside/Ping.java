package org.memcachedsession.servers.inside;

/** An event. */
class Ping {}
