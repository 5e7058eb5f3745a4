package org.memcachedsession.cdi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** One version of an application's classes, in a class loader of its own, made from their text. */
final class CompiledVersion extends ClassLoader {

    private static final Pattern NAME = Pattern.compile("(?:class|@?interface|enum|record) (\\w+)");

    private final Map<String, byte[]> compiled;
    private final List<String> topLevel;

    private CompiledVersion(Map<String, byte[]> compiled, List<String> topLevel) {
        super(CompiledVersion.class.getClassLoader());
        this.compiled = compiled;
        this.topLevel = topLevel;
    }

    /**
     * @param imports lines that all sources begin with; the package is among them
     * @param sources one public class each
     */
    static CompiledVersion of(String imports, String... sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> complaints = new DiagnosticCollector<>();
        List<JavaFileObject> files = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (String source : sources) {
            Matcher name = NAME.matcher(source);
            if (!name.find()) {
                throw new IllegalArgumentException("no class in: " + source);
            }
            names.add(name.group(1));
            files.add(new Source(name.group(1), imports + source));
        }
        try (Classes classes = new Classes(compiler.getStandardFileManager(null, null, null))) {
            if (!compiler.getTask(null, classes, complaints, List.of("-proc:none"), null, files)
                    .call()) {
                throw new IllegalArgumentException(errors(complaints));
            }
            return new CompiledVersion(classes.bytes(), names);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String errors(DiagnosticCollector<JavaFileObject> complaints) {
        StringBuilder all = new StringBuilder();
        for (Diagnostic<?> each : complaints.getDiagnostics()) {
            all.append(each).append('\n');
        }
        return all.toString();
    }

    /** The class of that simple name. */
    Class<?> type(String simpleName) throws ClassNotFoundException {
        for (String name : compiled.keySet()) {
            if (name.endsWith("." + simpleName)) {
                return loadClass(name);
            }
        }
        throw new ClassNotFoundException(simpleName);
    }

    /** All that are no members of others. */
    Class<?>[] types() throws ClassNotFoundException {
        Class<?>[] types = new Class<?>[topLevel.size()];
        for (int i = 0; i < types.length; i++) {
            types[i] = type(topLevel.get(i));
        }
        return types;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = compiled.get(name);
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Classes extends ForwardingJavaFileManager<JavaFileManager> {

        private final Map<String, ByteArrayOutputStream> written = new LinkedHashMap<>();

        Classes(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("bytes:///" + name), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    written.put(name, bytes);
                    return bytes;
                }
            };
        }

        Map<String, byte[]> bytes() {
            Map<String, byte[]> bytes = new LinkedHashMap<>();
            written.forEach((name, each) -> bytes.put(name, each.toByteArray()));
            return bytes;
        }
    }
}
