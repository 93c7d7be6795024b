package org.eegvlm.features;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.io.PartialLines;

/**
 * A JSON array of samples that grows on disk, one sample a line, and goes on after the last whole line. Until it is
 * finished, the first line of the partial file names the plan instead of opening the array.
 */
final class SampleList implements Closeable {

    private final Output output;
    private final BufferedWriter partial;
    private int size;

    private SampleList(Output output, BufferedWriter partial, int size) {
        this.output = output;
        this.partial = partial;
        this.size = size;
    }

    /** Continues the unfinished list of the same plan, or starts a new one. */
    static SampleList resume(Path target, String plan) throws IOException {
        var output = Output.begin(target, false);
        int lines = PartialLines.keep(output.partial(), 1);
        if (lines == 0 || !follows(output.partial(), plan)) {
            Files.writeString(output.partial(), plan + "\n");
            lines = 1;
        }
        var writer = Files.newBufferedWriter(output.partial(), StandardOpenOption.APPEND);
        return new SampleList(output, writer, lines - 1);
    }

    int size() {
        return size;
    }

    void append(InstructionSample sample) throws IOException {
        partial.write(Json.line(sample));
        partial.write('\n');
        partial.flush();
        size++;
    }

    void finish() throws IOException {
        partial.close();
        var whole = output.target().resolveSibling(output.target().getFileName() + ".tmp");
        try (var lines = Files.newBufferedReader(output.partial());
                var array = Files.newBufferedWriter(whole)) {
            lines.readLine(); // the plan
            var before = "[\n";
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                array.write(before);
                array.write(line);
                before = ",\n";
            }
            array.write("\n]\n");
        }
        Files.move(whole, output.partial(), StandardCopyOption.REPLACE_EXISTING);
        output.finish();
    }

    @Override
    public void close() throws IOException {
        partial.close();
    }

    private static boolean follows(Path partial, String plan) throws IOException {
        try (var lines = Files.newBufferedReader(partial)) {
            return plan.equals(lines.readLine());
        }
    }
}
