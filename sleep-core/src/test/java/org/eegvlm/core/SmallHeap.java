package org.eegvlm.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Java of its own whose heap is what a reader may take: 64 MB and twice the length of the file. */
public final class SmallHeap {

    /** What the reading program prints when it is through. */
    public static final String DONE = "all read";

    private SmallHeap() {}

    /** @param main reads each file it is given, refuses what it must, and prints {@link #DONE} */
    public static void assertReads(Class<?> main, int fileBytes, List<Path> files)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + ((64 << 20) + 2 * fileBytes),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        files.forEach(file -> command.add(file.toString()));

        var child = new ProcessBuilder(command).redirectErrorStream(true).start();

        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(DONE + "\n");
    }
}
