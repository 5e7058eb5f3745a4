package org.memcachedsession.config;

import java.util.Optional;

/** A text that is taken as it is. */
final class TextValue implements ValueType<String> {

    private final Rule rule;

    TextValue(Rule rule) {
        this.rule = rule;
    }

    @Override
    public Optional<String> parse(Found found, Mistakes mistakes) {
        return Optional.of(found.text());
    }

    @Override
    public void check(String value, Found found, Mistakes mistakes) {
        rule.check(found, mistakes);
    }

    @Override
    public String text(String value) {
        return value;
    }

    /** Tells what is wrong with a text. */
    interface Rule {
        void check(Found found, Mistakes mistakes);
    }
}
