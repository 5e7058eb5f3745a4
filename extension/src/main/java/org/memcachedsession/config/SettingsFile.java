package org.memcachedsession.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;

/** The properties file of the application. Unlike other sources it has nothing but settings. */
final class SettingsFile {

    static final String NAME = "META-INF/memcached-session.properties";

    private final ClassLoader classLoader;

    SettingsFile(ClassLoader classLoader) {
        this.classLoader = classLoader;
    }

    void readInto(SettingsDraft draft, Mistakes mistakes) {
        // one place for each content: class loaders like to find a file by several ways
        Map<ByteBuffer, URL> places = new LinkedHashMap<>();
        try {
            for (URL place : Collections.list(classLoader.getResources(NAME))) {
                places.putIfAbsent(ByteBuffer.wrap(bytes(place)), place);
            }
        } catch (IOException e) {
            mistakes.unreadableFile(NAME, e);
            return;
        }
        if (places.size() > 1) {
            List<String> names = new ArrayList<>();
            places.values().forEach(place -> names.add(place.toString()));
            mistakes.severalFiles(NAME, names);
        } else {
            places.forEach((content, place) -> read(content, place, draft, mistakes));
        }
    }

    private static byte[] bytes(URL place) throws IOException {
        URLConnection connection = place.openConnection();
        // a cached jar would stay open, and locked on some systems, after the application is gone
        connection.setUseCaches(false);
        try (InputStream in = connection.getInputStream()) {
            return in.readAllBytes();
        }
    }

    private static void read(
            ByteBuffer content, URL place, SettingsDraft draft, Mistakes mistakes) {
        Properties properties = new Properties();
        try (InputStreamReader reader =
                new InputStreamReader(
                        new ByteArrayInputStream(content.array()),
                        StandardCharsets.UTF_8.newDecoder())) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            mistakes.unreadableFile(place.toString(), e);
            return;
        }
        for (Setting<?> setting : Setting.ALL) {
            String text = properties.getProperty(setting.key());
            if (text != null) {
                draft.offer(setting, text, place.toString());
            }
        }
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            if (!KnownNames.isKey(key)) {
                mistakes.unknownKey(key, place.toString(), KnownNames.nearestKey(key));
            }
        }
    }
}
