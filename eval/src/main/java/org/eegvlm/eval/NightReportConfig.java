package org.eegvlm.eval;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Hypnogram;

/**
 * @param title the page's headline
 * @param notes sentences under it, such as which model answered and on what it was trained
 * @param answers the answers file
 * @param imageFolder where the pictures are that the answers name
 * @param loss the training's {@code loss.jsonl}, where its curve is wanted
 * @param epochLength how long an epoch is where the answers do not tell
 * @param output the page to write
 */
public record NightReportConfig(
        String title,
        List<String> notes,
        Path answers,
        Path imageFolder,
        Optional<Path> loss,
        Duration epochLength,
        Path output,
        boolean overwrite) {

    public NightReportConfig {
        notes = List.copyOf(notes);
        if (epochLength.isZero() || epochLength.isNegative()) {
            throw new IllegalArgumentException("epoch length must be positive, was " + epochLength);
        }
    }

    /** Epochs of 30 s, no notes, no loss curve, nothing overwritten. */
    public static NightReportConfig of(String title, Path answers, Path imageFolder, Path output) {
        return new NightReportConfig(
                title, List.of(), answers, imageFolder, Optional.empty(), Hypnogram.AASM_EPOCH, output, false);
    }

    public NightReportConfig withNotes(List<String> sentences) {
        return new NightReportConfig(title, sentences, answers, imageFolder, loss, epochLength, output, overwrite);
    }

    public NightReportConfig withLoss(Path file) {
        return new NightReportConfig(
                title, notes, answers, imageFolder, Optional.of(file), epochLength, output, overwrite);
    }

    public NightReportConfig withEpochLength(Duration length) {
        return new NightReportConfig(title, notes, answers, imageFolder, loss, length, output, overwrite);
    }

    public NightReportConfig withOverwrite(boolean replace) {
        return new NightReportConfig(title, notes, answers, imageFolder, loss, epochLength, output, replace);
    }
}
