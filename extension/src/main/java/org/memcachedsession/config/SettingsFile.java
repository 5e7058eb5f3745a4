package org.memcachedsession.config;

final class SettingsFile {
    static final String NAME = "META-INF/memcached-session.properties";

    private SettingsFile() {}
}
