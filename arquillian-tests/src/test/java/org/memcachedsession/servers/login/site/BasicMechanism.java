package org.memcachedsession.servers.login.site;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.security.enterprise.authentication.mechanism.http.BasicAuthenticationMechanismDefinition;

/** Asks for the container's own mechanism of this kind. */
@ApplicationScoped
@BasicAuthenticationMechanismDefinition(realmName = "users")
public class BasicMechanism {}
