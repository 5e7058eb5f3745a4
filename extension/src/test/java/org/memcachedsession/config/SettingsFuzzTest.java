package org.memcachedsession.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.memcachedsession.Allocation;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionSettingsException;

/** What somebody has written into a source: a value, or mistakes that can be read. */
class SettingsFuzzTest {

    /** Whoever wrote it has a secret in it, perhaps not where one belongs. */
    private static final String HIDDEN = "Zq7Xw9KpHidden";

    private static final int LONGEST_MESSAGE = 2_000;

    /** The first byte says which setting. */
    @FuzzTest(maxDuration = "2m")
    void anyTextIsAMistakeOrMeansTheSameWhenItIsShownAndReadAgain(byte[] bytes) {
        if (bytes.length > 0) {
            int setting = Byte.toUnsignedInt(bytes[0]) % Setting.ALL.size();
            String text = new String(bytes, 1, bytes.length - 1, UTF_8).strip();
            check(Setting.ALL.get(setting), text);
        }
    }

    private static <T> void check(Setting<T> setting, String text) {
        if (text.isEmpty()) {
            return; // as if it were not there
        }
        Allocation.assertAtMost(
                500_000 + 20_000L * text.length(), () -> read(setting, text, new Mistakes()));
        Mistakes mistakes = new Mistakes();
        Optional<T> value = read(setting, text, mistakes);

        assertReadable(mistakes.texts());
        assertThat(value.isPresent() || mistakes.count() > 0).isTrue();
        if (value.isPresent() && mistakes.count() == 0 && !setting.type().isSecret()) {
            assertThat(read(setting, setting.type().text(value.get()), mistakes).map(Settled::new))
                    .isEqualTo(value.map(Settled::new));
            assertThat(mistakes.texts()).isEmpty();
        }
        if (setting.type().isSecret()) {
            Mistakes ofHidden = new Mistakes();
            read(setting, HIDDEN + "," + text, ofHidden);
            assertThat(ofHidden.texts()).noneMatch(told -> told.contains(HIDDEN));
            assertThat(ofHidden.count() > 0 || setting != Setting.SECRET).isTrue();
        }
    }

    private static <T> Optional<T> read(Setting<T> setting, String text, Mistakes mistakes) {
        Found found = new Found(setting.key(), text, "test", setting.type().isSecret());
        Optional<T> value = setting.type().parse(found, mistakes);
        value.ifPresent(read -> setting.type().check(read, found, mistakes));
        return value;
    }

    /** What a value means: options that have no effect are not shown. */
    private record Settled(Object value) {
        Settled {
            value = value instanceof ServerList list ? list.servers() : value;
        }
    }

    private static void assertReadable(List<String> texts) {
        for (String text : texts) {
            assertThat(text).matches("(?s)MSS-[0-9]+ .*").hasSizeLessThan(LONGEST_MESSAGE);
            assertThat(text.codePoints().filter(c -> c != '\n')).allMatch(TextRules::isPrintable);
        }
    }

    @FuzzTest(maxDuration = "2m")
    void anyFileGivesSettingsInForceOrMistakesThatCanBeRead(byte[] file) {
        SettingsDraft draft =
                new SettingsReader(false, Map.of(), Map.of())
                        .draft(
                                new Deployment(
                                        new OneFile(file),
                                        Map.of(),
                                        Optional.of("/shop"),
                                        true,
                                        true));
        SessionSettings settings;
        try {
            settings = SessionSettings.builder(draft).build();
        } catch (SessionSettingsException e) {
            assertThat(e.mistakes()).isNotEmpty();
            assertReadable(e.mistakes());
            return;
        }
        assertThat(settings.embedded()).isEqualTo(settings.servers().isEmpty());
        assertThat(settings.absoluteTimeout()).isGreaterThanOrEqualTo(settings.idleTimeout());
        assertThat(settings.sizeWarn()).isLessThanOrEqualTo(settings.sizeLimit());
        assertThat(settings.secret()).allMatch(key -> key.length == Secret.KEY_BYTES);
        assertThat(settings.toString().codePoints()).allMatch(TextRules::isPrintable);
        settings.notes()
                .forEach(note -> assertThat(note.codePoints()).allMatch(TextRules::isPrintable));
    }

    /** The application's properties file, in memory. */
    private static final class OneFile extends ClassLoader {

        private final byte[] content;

        OneFile(byte[] content) {
            super(null);
            this.content = content;
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            return Collections.enumeration(List.of(new URL(null, "memory:" + name, new Handler())));
        }

        private final class Handler extends URLStreamHandler {
            @Override
            protected URLConnection openConnection(URL place) {
                return new URLConnection(place) {
                    @Override
                    public void connect() {
                        // nothing to do
                    }

                    @Override
                    public InputStream getInputStream() {
                        return new ByteArrayInputStream(content);
                    }
                };
            }
        }
    }
}
