package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.eegvlm.core.Progress;

/** A demo on nights and models as small as they can be: that it runs, not that it learns. */
final class TinyDemo {
    static final DemoSettings SETTINGS = new DemoSettings(
            3,
            new DemoSettings.Nights(4, 20, 1, 1),
            new DemoSettings.Vision(2, 32),
            new DemoSettings.Language(4, 8, 0.05, 1e-3, 1e-3, 8, 4),
            false);

    private TinyDemo() {}

    /** Runs what is not finished yet, telling each step before it begins: a program of its own, made to be killed. */
    public static void main(String[] arguments) throws IOException {
        for (var step : in(Path.of(arguments[0])).steps()) {
            if (!step.finished()) {
                System.out.println(step.name());
                step.work().run();
            }
        }
        Runtime.getRuntime().halt(0);
    }

    static Demo in(Path root) throws IOException {
        SETTINGS.claim(root);
        return new Demo(SETTINGS, new DemoFolder(root), Progress.SILENT);
    }
}
