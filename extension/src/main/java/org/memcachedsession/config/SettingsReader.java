package org.memcachedsession.config;

import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.memcachedsession.config.SettingsDraft.Brought;

/**
 * Reads the settings of a deployment from their sources, highest first: MicroProfile Config, or
 * system properties and environment where it is not there; context parameters; the properties file
 * of the application.
 */
public final class SettingsReader {

    private final boolean microProfile;
    private final Map<String, String> systemProperties;
    private final Map<String, String> environment;

    SettingsReader(
            boolean microProfile,
            Map<String, String> systemProperties,
            Map<String, String> environment) {
        this.microProfile = microProfile;
        this.systemProperties = systemProperties;
        this.environment = environment;
    }

    /**
     * Reads everything. What is wrong is kept in the draft until it is settled, since code may still
     * set it right.
     */
    public static SettingsDraft read(Deployment deployment) {
        Properties properties = System.getProperties();
        Map<String, String> systemProperties = new TreeMap<>();
        properties
                .stringPropertyNames()
                .forEach(name -> systemProperties.put(name, properties.getProperty(name)));
        return new SettingsReader(true, systemProperties, System.getenv()).draft(deployment);
    }

    SettingsDraft draft(Deployment deployment) {
        Mistakes mistakes = new Mistakes();
        SettingsDraft draft =
                new SettingsDraft(
                        Brought.of(deployment.embeddedModule()),
                        Brought.of(deployment.fory()),
                        mistakes);
        if (!readMicroProfile(deployment.classLoader(), draft, mistakes)) {
            new NamedTexts(systemProperties, "system property").readInto(draft, mistakes);
            new EnvironmentVariables(environment).readInto(draft, mistakes);
        }
        new NamedTexts(deployment.contextParameters(), "web.xml context parameter")
                .readInto(draft, mistakes);
        new SettingsFile(deployment.classLoader()).readInto(draft, mistakes);
        deployment
                .contextPath()
                .ifPresent(
                        path ->
                                draft.offer(
                                        Setting.APPLICATION,
                                        path.isEmpty() ? "/" : path,
                                        "context path"));
        return draft;
    }

    private boolean readMicroProfile(
            ClassLoader classLoader, SettingsDraft draft, Mistakes mistakes) {
        if (!microProfile) {
            return false;
        }
        try {
            return MicroProfileSource.readInto(draft, mistakes, classLoader);
        } catch (LinkageError noApi) {
            // this server has no MicroProfile Config, or one from before 2.0
            return false;
        }
    }
}
