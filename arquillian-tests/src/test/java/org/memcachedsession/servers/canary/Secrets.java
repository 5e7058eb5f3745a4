package org.memcachedsession.servers.canary;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What may be told to nobody, in the forms in which somebody might print it, and the halves of these. */
final class Secrets {

    private static final int CONTEXT = 200;
    private static final int GROUP_OF_BASE64 = 4;

    private final Map<String, String> halves = new LinkedHashMap<>();

    void add(String name, String text) {
        addForm(name, text);
        addBytes(name + "'s characters", text.getBytes(US_ASCII));
    }

    /** A text that stands for bytes, which are as secret. */
    void addBase64Url(String name, String text) {
        add(name, text);
        addBytes(name + "'s bytes", Base64.getUrlDecoder().decode(text));
    }

    private void addBytes(String name, byte[] bytes) {
        addForm(name + " in hex", HexFormat.of().formatHex(bytes));
        addForm(name + " in capital hex", HexFormat.of().withUpperCase().formatHex(bytes));
        addForm(name + " in hex with blanks", HexFormat.ofDelimiter(" ").formatHex(bytes));
        addForm(name + " in decimals", Arrays.toString(bytes));
        for (int before = 0; before < 3; before++) {
            addForm(name + " in base64", inner(Base64.getEncoder(), bytes, before));
            addForm(name + " in base64url", inner(Base64.getUrlEncoder(), bytes, before));
        }
    }

    /** What of it is the same whatever comes after it, and before it in so many bytes. */
    private static String inner(Base64.Encoder encoder, byte[] bytes, int before) {
        byte[] all = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, all, before, bytes.length);
        String text = encoder.withoutPadding().encodeToString(all);
        int begin = before == 0 ? 0 : GROUP_OF_BASE64;
        int end = all.length / 3 * GROUP_OF_BASE64;
        return text.substring(begin, end);
    }

    private void addForm(String name, String form) {
        int middle = form.length() / 2;
        halves.putIfAbsent(form.substring(0, middle), "first half of " + name);
        halves.putIfAbsent(form.substring(middle), "second half of " + name);
    }

    /** Each that stands in a text, with the text around it. */
    List<String> in(String text) {
        return halves.entrySet().stream()
                .flatMap(
                        half -> {
                            int index = text.indexOf(half.getKey());
                            return index < 0
                                    ? Stream.empty()
                                    : Stream.of(half.getValue() + " in: " + around(text, index));
                        })
                .toList();
    }

    private static String around(String text, int index) {
        return text.substring(
                Math.max(0, index - CONTEXT), Math.min(text.length(), index + CONTEXT));
    }
}
