package org.memcachedsession.config;

import java.util.List;
import java.util.Optional;

/** One of a few words; upper and lower case are the same in a text. */
final class WordValue implements ValueType<String> {

    private final List<String> words;

    WordValue(String... words) {
        this.words = List.of(words);
    }

    @Override
    public Optional<String> parse(Found found, Mistakes mistakes) {
        Optional<String> word =
                words.stream().filter(known -> known.equalsIgnoreCase(found.text())).findFirst();
        if (word.isEmpty()) {
            mistakes.notOneOf(found, words);
        }
        return word;
    }

    @Override
    public void check(String value, Found found, Mistakes mistakes) {
        if (!words.contains(value)) {
            mistakes.notOneOf(found, words);
        }
    }

    @Override
    public String text(String value) {
        return value;
    }
}
