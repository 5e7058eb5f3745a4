package org.memcachedsession.nodes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Starts a process, writes its process id to the file of its argument and waits to be ended. */
final class ParentJvm {

    private ParentJvm() {}

    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]);
        Path written = file.resolveSibling("child.log");
        List<String> command =
                List.of(
                        ServerNode.javaCommand().toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChildJvm.class.getName());
        ChildProcess.start(command, file.getParent(), written);
        long child = ProcessHandle.current().children().findFirst().orElseThrow().pid();
        Path temporary = file.resolveSibling("pid.tmp");
        Files.writeString(temporary, String.valueOf(child));
        Files.move(temporary, file);
        System.out.println("child started");
        new CountDownLatch(1).await();
    }

    static final class ChildJvm {

        private ChildJvm() {}

        public static void main(String[] args) throws InterruptedException {
            new CountDownLatch(1).await();
        }
    }
}
