package org.memcachedsession.servers.login.site;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.Set;

/** Those whom the set-up of each server knows too, for paths that ask the server. */
@ApplicationScoped
public class Users implements IdentityStore {

    public static final String PASSWORD = "secret";

    /** A request attribute: the name of who is to be authenticated now. */
    static final String CREDENTIALS = Users.class.getName();

    private static final Set<String> NAMES = Set.of("alice", "bob");

    @Inject private Attempts attempts;

    @Override
    public CredentialValidationResult validate(Credential credential) {
        if (!(credential instanceof UsernamePasswordCredential given)) {
            return CredentialValidationResult.NOT_VALIDATED_RESULT;
        }
        attempts.add();
        return NAMES.contains(given.getCaller()) && given.compareTo(given.getCaller(), PASSWORD)
                ? new CredentialValidationResult(given.getCaller(), Set.of("user"))
                : CredentialValidationResult.INVALID_RESULT;
    }
}
