package org.memcachedsession;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/** One version of an application's classes, in a class loader of its own, made from their text. */
public final class CompiledVersion extends URLClassLoader {

    private static final Pattern NAME = Pattern.compile("(?:class|@interface) (\\w+)");

    private final String packageName;
    private final List<String> names;

    private CompiledVersion(Path classes, String packageName, List<String> names)
            throws IOException {
        super(new URL[] {classes.toUri().toURL()}, CompiledVersion.class.getClassLoader());
        this.packageName = packageName;
        this.names = names;
    }

    /**
     * @param directory for sources and classes of this version alone
     * @param imports what all sources begin with, after their package
     * @param sources one public class or annotation each
     */
    public static CompiledVersion of(
            Path directory, String packageName, String imports, String... sources)
            throws IOException {
        List<String> names = new ArrayList<>();
        List<String> command =
                new ArrayList<>(
                        List.of("-proc:none", "-d", directory.resolve("classes").toString()));
        for (String source : sources) {
            Matcher name = NAME.matcher(source);
            if (!name.find()) {
                throw new IllegalArgumentException("no class in: " + source);
            }
            names.add(name.group(1));
            Path file = directory.resolve(name.group(1) + ".java");
            Files.writeString(file, "package " + packageName + ";\n" + imports + source);
            command.add(file.toString());
        }
        if (ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, command.toArray(String[]::new))
                != 0) {
            throw new IllegalArgumentException(
                    "the compiler refuses the sources, see its messages");
        }
        return new CompiledVersion(directory.resolve("classes"), packageName, names);
    }

    public Class<?> type(String simpleName) throws ClassNotFoundException {
        return loadClass(packageName + "." + simpleName);
    }

    /** All that are no members of others. */
    public Class<?>[] types() throws ClassNotFoundException {
        Class<?>[] types = new Class<?>[names.size()];
        for (int i = 0; i < types.length; i++) {
            types[i] = type(names.get(i));
        }
        return types;
    }
}
