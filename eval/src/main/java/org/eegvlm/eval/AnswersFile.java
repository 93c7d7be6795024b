package org.eegvlm.eval;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.score.Answer;

/**
 * An answers file that grows a batch at a time and survives {@code kill -9}.
 *
 * <p>What a killed run has left is cut back to whole batches before it goes on: a batch of another size may round
 * differently, and the finished file must not depend on where the run was interrupted.
 */
final class AnswersFile implements Closeable {

    private final Output output;
    private final RandomAccessFile file;
    private final int answered;

    private AnswersFile(Output output, RandomAccessFile file, int answered) {
        this.output = output;
        this.file = file;
        this.answered = answered;
    }

    /** @param batch answers that are written together */
    static AnswersFile open(Path target, int batch, boolean overwrite) throws IOException {
        var output = Output.begin(target, overwrite);
        int whole = Files.exists(output.partial()) ? wholeLines(output.partial()) / batch * batch : 0;
        var file = new RandomAccessFile(output.partial().toFile(), "rw");
        file.setLength(endOfLine(output.partial(), whole));
        file.seek(file.length());
        return new AnswersFile(output, file, whole);
    }

    /** How many answers an earlier run has left. */
    int answered() {
        return answered;
    }

    /** Writes a batch; it is on disk when this returns. */
    void append(List<Answer> batch) throws IOException {
        var lines = new StringBuilder();
        batch.forEach(answer -> lines.append(Json.line(answer)).append('\n'));
        file.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        file.getFD().sync();
    }

    void finish() throws IOException {
        file.close();
        output.finish();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static int wholeLines(Path file) throws IOException {
        return (int) Files.readString(file).chars().filter(c -> c == '\n').count();
    }

    private static long endOfLine(Path file, int lines) throws IOException {
        long end = 0;
        if (lines > 0) {
            var bytes = Files.readAllBytes(file);
            for (int seen = 0; seen < lines; end++) {
                seen += bytes[(int) end] == '\n' ? 1 : 0;
            }
        }
        return end;
    }
}
