package org.memcachedsession.config;

import java.util.Optional;

/** A password, or a user name, which may have the password behind it by mistake: taken as it is and never told. */
final class CredentialValue implements ValueType<String> {

    private final Rule rule;

    CredentialValue(Rule rule) {
        this.rule = rule;
    }

    @Override
    public Optional<String> parse(Found found, Mistakes mistakes) {
        return Optional.of(found.text());
    }

    @Override
    public void check(String value, Found found, Mistakes mistakes) {
        rule.check(value, found, mistakes);
    }

    @Override
    public boolean isSecret() {
        return true;
    }

    @Override
    public String text(String value) {
        return Secret.STARS;
    }

    /** Tells what is wrong with a value. */
    interface Rule {
        void check(String value, Found found, Mistakes mistakes);
    }
}
