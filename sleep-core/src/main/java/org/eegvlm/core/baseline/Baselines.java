package org.eegvlm.core.baseline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.core.score.Answer;
import org.eegvlm.core.signal.EpochSignals;

/** Trains a baseline on the train split of a manifest, and writes its answers about the scored epochs of the eval split. */
public final class Baselines {

    /** What made an answers file; {@code X.config.json} beside {@code X.jsonl}. */
    private record Settings(BaselineMethod method, Optional<Double> l2, String manifestSha256) {}

    private Baselines() {}

    /**
     * @return the answers that were written
     * @throws org.eegvlm.core.io.OutputExistsException if the output is there already and may not be overwritten
     * @throws MalformedDataException if the manifest has no scored epoch to train on, or to answer about
     */
    public static List<Answer> run(BaselineConfig config, Progress progress) throws IOException {
        var output = Output.begin(config.output(), config.overwrite());
        var train = scored(config.manifest(), Split.TRAIN);
        var eval = scored(config.manifest(), Split.EVAL);
        try (var signals = new EpochSignals(config.manifest())) {
            var baseline = switch (config.method()) {
                case MAJORITY -> new MajorityBaseline(train);
                case BANDPOWER -> BandPowerBaseline.train(train, signals, progress);
            };
            var answers = new ArrayList<Answer>();
            for (var epoch : eval) {
                answers.add(Answer.of(epoch, config.method().label(), baseline.probabilities(epoch)));
                progress.at("answering", answers.size(), eval.size(), "");
            }
            Json.writeLines(output.partial(), answers);
            Json.write(Answer.settingsBeside(config.output()), settings(config));
            output.finish();
            return List.copyOf(answers);
        }
    }

    private static List<EpochRecord> scored(Path manifest, Split split) throws IOException {
        var epochs = EpochManifest.read(manifest).split(split).stream()
                .filter(epoch -> epoch.stage().isPresent())
                .toList();
        if (epochs.isEmpty()) {
            throw new MalformedDataException(
                    manifest, "no scored epoch in the " + split.name().toLowerCase(Locale.ROOT) + " split");
        }
        return epochs;
    }

    private static Settings settings(BaselineConfig config) throws IOException {
        var l2 = config.method() == BaselineMethod.BANDPOWER
                ? Optional.of(BandPowerBaseline.L2)
                : Optional.<Double>empty();
        return new Settings(config.method(), l2, Sha256.of(config.manifest()));
    }
}
