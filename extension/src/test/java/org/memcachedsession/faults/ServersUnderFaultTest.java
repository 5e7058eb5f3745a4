package org.memcachedsession.faults;

/** Where each session is on one server. */
class ServersUnderFaultTest extends ServersUnderFault {

    ServersUnderFaultTest() {
        super(1);
    }
}
