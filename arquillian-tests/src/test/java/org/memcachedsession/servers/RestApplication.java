package org.memcachedsession.servers;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Every scenario's resources are below {@code api}. */
@ApplicationPath("api")
public class RestApplication extends Application {}
