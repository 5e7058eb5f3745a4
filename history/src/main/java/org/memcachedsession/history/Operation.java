package org.memcachedsession.history;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One request, as its browser knows it.
 *
 * @param start position before it was sent
 * @param browser number of the browser
 * @param node where it went; for people
 * @param kind what it was to do
 * @param sent fingerprint of the session whose cookie was sent
 * @param tag what it writes, in no other write of the history; empty if it writes nothing
 * @param writes numbers of the beans that it writes, from 0 on
 * @param answer empty if there was none, or one that leaves the outcome open: the request may have
 *     done all of its work, at any time since, or nothing
 */
public record Operation(
        int start,
        int browser,
        String node,
        OperationKind kind,
        Optional<String> sent,
        Optional<String> tag,
        SortedSet<Integer> writes,
        Optional<Answer> answer) {

    public Operation {
        writes = Collections.unmodifiableSortedSet(new TreeSet<>(writes));
        if (tag.isPresent() == writes.isEmpty()) {
            throw new IllegalArgumentException(
                    "the request at "
                            + start
                            + " has "
                            + tag.map(text -> "tag " + text).orElse("no tag")
                            + " and writes the beans "
                            + writes
                            + "; it needs both or none");
        }
        if (answer.isPresent() && answer.get().position() <= start) {
            throw new IllegalArgumentException(
                    "the request at " + start + " was answered at " + answer.get().position());
        }
    }

    Operation withAnswer(Answer other) {
        return new Operation(start, browser, node, kind, sent, tag, writes, Optional.of(other));
    }

    /** The line of {@link HistoryFormat}. */
    @Override
    public String toString() {
        return HistoryFormat.line(this);
    }
}
