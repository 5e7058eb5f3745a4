package org.memcachedsession.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        Map<String, URL> places = new LinkedHashMap<>();
        try {
            for (URL place : Collections.list(classLoader.getResources(NAME))) {
                text(place, mistakes).ifPresent(text -> places.putIfAbsent(text, place));
            }
        } catch (IOException e) {
            mistakes.unreadableFile(NAME, e);
        }
        if (places.size() > 1) {
            List<String> names = new ArrayList<>();
            places.values().forEach(place -> names.add(place.toString()));
            mistakes.severalFiles(NAME, names);
        } else {
            places.forEach((text, place) -> read(text, place, draft, mistakes));
        }
    }

    /** Empty if it cannot be read; that is told. */
    private static Optional<String> text(URL place, Mistakes mistakes) {
        try {
            URLConnection connection = place.openConnection();
            // a cached jar would stay open after the application is gone, and locked on Windows
            connection.setUseCaches(false);
            try (InputStream in = connection.getInputStream()) {
                // a new decoder refuses what is not UTF-8, where a String would hold question marks
                return Optional.of(
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(in.readAllBytes()))
                                .toString());
            }
        } catch (IOException e) {
            mistakes.unreadableFile(place.toString(), e);
            return Optional.empty();
        }
    }

    private static void read(String text, URL place, SettingsDraft draft, Mistakes mistakes) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException | IllegalArgumentException e) {
            mistakes.unreadableFile(place.toString(), e);
            return;
        }
        for (Setting<?> setting : Setting.ALL) {
            String value = properties.getProperty(setting.key());
            if (value != null) {
                draft.offer(setting, value, place.toString());
            }
        }
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            if (!KnownNames.isKey(key)) {
                mistakes.unknownKey(key, place.toString(), KnownNames.nearestKey(key));
            }
        }
    }
}
