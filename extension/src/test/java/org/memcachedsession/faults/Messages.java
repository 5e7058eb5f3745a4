package org.memcachedsession.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts one direction of a conversation with memcached into whole questions or answers: a line, with the value that
 * it tells the length of.
 */
final class Messages {

    private static final List<String> STORING = List.of("add", "set", "replace", "cas");
    private static final int NOT_WHOLE = -1;

    private final boolean areAnswers;
    private byte[] pending = new byte[0];

    private Messages(boolean areAnswers) {
        this.areAnswers = areAnswers;
    }

    static Messages questions() {
        return new Messages(false);
    }

    static Messages answers() {
        return new Messages(true);
    }

    /** What is whole by now; the rest is kept for the next call. */
    List<byte[]> add(byte[] bytes, int length) {
        byte[] all = Arrays.copyOf(pending, pending.length + length);
        System.arraycopy(bytes, 0, all, pending.length, length);
        List<byte[]> whole = new ArrayList<>();
        int begin = 0;
        for (int end = end(all, 0); end != NOT_WHOLE; end = end(all, begin)) {
            whole.add(Arrays.copyOfRange(all, begin, end));
            begin = end;
        }
        pending = Arrays.copyOfRange(all, begin, all.length);
        return whole;
    }

    private int end(byte[] bytes, int begin) {
        int next = begin;
        while (true) {
            int line = lineEnd(bytes, next);
            if (line == NOT_WHOLE) {
                return NOT_WHOLE;
            }
            String[] words = new String(bytes, next, line - next, US_ASCII).strip().split(" ");
            int value = valueLength(words);
            if (value == NOT_WHOLE) {
                return line;
            }
            next = line + value + 2;
            if (next > bytes.length) {
                return NOT_WHOLE;
            }
            if (!words[0].equals("VALUE")) {
                return next;
            } // else END, or another item, belongs to the same answer
        }
    }

    private static int lineEnd(byte[] bytes, int begin) {
        for (int i = begin; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return NOT_WHOLE;
    }

    private int valueLength(String[] words) {
        int place = areAnswers ? placeInAnswer(words[0]) : placeInQuestion(words[0]);
        return place > 0 && place < words.length ? Integer.parseInt(words[place]) : NOT_WHOLE;
    }

    private static int placeInAnswer(String word) {
        return switch (word) {
            case "VA" -> 1;
            case "VALUE" -> 3;
            default -> NOT_WHOLE;
        };
    }

    private static int placeInQuestion(String word) {
        if (word.equals("ms")) {
            return 2;
        }
        return STORING.contains(word) ? 4 : NOT_WHOLE;
    }
}
