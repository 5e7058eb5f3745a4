package org.memcachedsession.embedded;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of a request, cut at its blanks. A character stands for one byte (ISO 8859-1), so that
 * keys come back as they were sent.
 */
final class CommandLine {

    private static final String NOREPLY = "noreply";

    private final List<String> words;

    /**
     * @param line without its line end; what follows a NUL is not seen, as in memcached
     */
    CommandLine(String line) {
        this.words = split(line);
    }

    private static List<String> split(String line) {
        int nul = line.indexOf('\0');
        int length = nul < 0 ? line.length() : nul;
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int at = 0; at <= length; at++) {
            if (at == length || line.charAt(at) == ' ') {
                if (at > start) {
                    words.add(line.substring(start, at));
                }
                start = at + 1;
            }
        }
        return words;
    }

    /** How many words there are, the name of the command among them. */
    int size() {
        return words.size();
    }

    String word(int index) {
        return words.get(index);
    }

    /** The first word, or an empty text in an empty line. */
    String name() {
        return words.isEmpty() ? "" : words.get(0);
    }

    /** The word after the name. */
    String key() {
        return words.get(1);
    }

    String last() {
        return words.get(words.size() - 1);
    }

    List<String> from(int index) {
        return words.subList(index, words.size());
    }

    /** Only the last word counts, whatever else the command takes there. */
    boolean noreply() {
        return last().equals(NOREPLY);
    }
}
