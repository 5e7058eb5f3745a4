package org.memcachedsession.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What is sent on one connection.
 *
 * @param steps in the notation of {@code conformance/README.md}
 */
record Scenario(String title, List<String> steps) {

    static final List<String> FILES =
            List.of("storage.txt", "counting.txt", "meta.txt", "refusals.txt");

    private static final String TITLE = "== ";
    private static final String REMARK = "# ";
    private static final String NO_ANSWER = "\\c";

    static List<Scenario> in(String file) {
        List<Scenario> scenarios = new ArrayList<>();
        for (String line : resource(file).lines().toList()) {
            if (line.startsWith(TITLE)) {
                scenarios.add(new Scenario(line.substring(TITLE.length()), new ArrayList<>()));
            } else if (!line.isEmpty() && !line.startsWith(REMARK)) {
                scenarios.get(scenarios.size() - 1).steps.add(line);
            }
        }
        return scenarios;
    }

    static String resource(String file) {
        try (InputStream in = Scenario.class.getResourceAsStream("/conformance/" + file)) {
            if (in == null) {
                return "";
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The whole conversation with a server, what was sent behind {@code >}, answers behind {@code <}. */
    String playAgainst(InetSocketAddress server) {
        StringBuilder transcript = new StringBuilder(TITLE + title + "\n");
        try (Client client = new Client(server)) {
            long casBefore = client.forgetAllItems();
            for (String step : steps) {
                if (client.isClosedByServer()) {
                    break;
                }
                transcript.append("> ").append(step).append('\n');
                for (String line : play(step, client, casBefore)) {
                    transcript.append("< ").append(line).append('\n');
                }
            }
            if (client.isClosedByServer()) {
                transcript.append("< {closed}\n");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(transcript.toString(), e);
        }
        return transcript.append('\n').toString();
    }

    private static List<String> play(String step, Client client, long casBefore)
            throws IOException {
        if (step.endsWith(NO_ANSWER)) {
            String text = step.substring(0, step.length() - NO_ANSWER.length());
            client.send(Notation.toBytes(text, casBefore));
            return List.of();
        }
        byte[] answer = client.ask(Notation.toBytes(step + "\\r\\n", casBefore));
        return Answers.comparable(answer, casBefore);
    }

    @Override
    public String toString() {
        return title;
    }
}
