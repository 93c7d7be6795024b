package org.eegvlm.eval;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.io.PartialLines;
import org.eegvlm.core.score.Answer;

/**
 * An answers file that grows a batch at a time and survives {@code kill -9}.
 *
 * <p>What a killed run with the same settings has left is cut back to whole batches before it goes on: a batch of another
 * size may round differently, and the finished file must not depend on where the run was interrupted. What another run
 * has left is thrown away.
 */
final class AnswersFile implements Closeable {

    private final Output output;
    private final FileChannel file;
    private final int answered;

    private AnswersFile(Output output, FileChannel file, int answered) {
        this.output = output;
        this.file = file;
        this.answered = answered;
    }

    /**
     * @param settings all that decides about the answers; written beside them
     * @param batch answers that are written together
     */
    static AnswersFile open(Path target, Object settings, int batch, boolean overwrite) throws IOException {
        var output = Output.begin(target, overwrite);
        var settingsFile = Answer.settingsBeside(output.target());
        if (!Files.exists(settingsFile)
                || !Json.line(Json.readTree(settingsFile)).equals(Json.line(settings))) {
            Files.deleteIfExists(output.partial());
            Json.write(settingsFile, settings);
        }
        int answered = PartialLines.keep(output.partial(), batch);
        var file = FileChannel.open(output.partial(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return new AnswersFile(output, file, answered);
    }

    /** How many answers an earlier run has left. */
    int answered() {
        return answered;
    }

    /** Writes a batch; it is on disk when this returns. */
    void append(List<Answer> batch) throws IOException {
        var lines = new StringBuilder();
        batch.forEach(answer -> lines.append(Json.line(answer)).append('\n'));
        var bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
        file.force(false);
    }

    void finish() throws IOException {
        file.close();
        output.finish();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
