package org.memcachedsession.servers.canary;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.memcachedsession.SessionSettings;

/**
 * Has all loggers of the server talk as much as they can, and writes down what they say, as long as
 * the application runs.
 */
@ApplicationScoped
public class Recorder {

    /** Where the test has packed the two into the archive. */
    static final String PROPERTIES = "recorder.properties";

    static final String MEMCACHED = "memcached";
    static final String FILE = "file";

    private PrintWriter written;
    private AllLoggers loggers;

    /** The first moment at which the library asks the application anything: nobody is connected yet. */
    void begin(@Observes SessionSettings.Builder settings) throws IOException {
        Properties properties = new Properties();
        try (InputStream packed = Recorder.class.getResourceAsStream("/" + PROPERTIES)) {
            properties.load(packed);
        }
        settings.servers(properties.getProperty(MEMCACHED));
        written =
                new PrintWriter(
                        Files.newBufferedWriter(Path.of(properties.getProperty(FILE)), UTF_8));
        loggers = AllLoggers.heardBy(this::note);
    }

    @PreDestroy
    void end() {
        loggers.close();
        written.close();
    }

    /** What was logged or printed, a failure with its stack trace, its causes and what they suppressed. */
    void note(String by, Object what) {
        synchronized (written) {
            written.print(by + ": ");
            if (what instanceof Throwable failure) {
                failure.printStackTrace(written);
            } else {
                String inBrackets = Arrays.deepToString(new Object[] {what}); // arrays, too
                written.println(inBrackets);
            }
            written.flush();
        }
    }

    /** All that a monitoring tool could show, and the names of the threads. */
    void noteManagedBeans() {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        for (ObjectName name : server.queryNames(null, null)) {
            note("managed bean", name);
            try {
                for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
                    note("attribute", attribute);
                    note("value", value(server, name, attribute));
                }
            } catch (Exception goneMeanwhile) {
                note("managed bean", goneMeanwhile);
            }
        }
        Thread.getAllStackTraces().keySet().forEach(thread -> note("thread", thread));
    }

    private static Object value(MBeanServer server, ObjectName name, MBeanAttributeInfo attribute) {
        try {
            return server.getAttribute(name, attribute.getName());
        } catch (Exception notToBeHad) {
            return notToBeHad;
        }
    }
}
