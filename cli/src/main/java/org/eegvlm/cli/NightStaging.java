package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.core.Progress;
import org.eegvlm.core.data.ModelCard;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.core.manifest.SubjectSplit;
import org.eegvlm.core.night.Night;
import org.eegvlm.core.night.Nights;
import org.eegvlm.core.score.Answer;
import org.eegvlm.core.score.Scores;
import org.eegvlm.eval.NightReport;
import org.eegvlm.eval.NightReportConfig;
import org.eegvlm.eval.VqaConfig;
import org.eegvlm.eval.VqaEvaluator;
import org.eegvlm.features.BuildConfig;
import org.eegvlm.features.DatasetBuild;
import org.eegvlm.features.ExportConfig;
import org.eegvlm.features.FeatureExport;
import org.eegvlm.llama.GenerationOptions;
import org.eegvlm.vision.Execution;
import org.eegvlm.vision.FeatureExtractor;
import org.eegvlm.vision.render.EpochRendering;
import org.eegvlm.vision.render.RenderConfig;
import org.eegvlm.vision.render.RenderSpec;

/** Takes one new night through the same steps as the nights of an evaluation. Steps that are finished are kept. */
final class NightStaging {
    private static final int QUESTIONS_AT_ONCE = 16;
    private static final int MAX_NEW_TOKENS = 128;

    /** All that lies in the folder in the end; nothing else in it is touched. */
    static final List<String> PRODUCTS = List.of(
            "stage.json",
            "epochs.jsonl",
            "render.json",
            "eeg_images_ft",
            "eeg_images_eval",
            "eval_high_level_features.npy",
            "eval_high_level_features.json",
            "eeg_eval.jsonl",
            "answers",
            "hypnogram.csv",
            "report.html");

    private final StageSettings settings;
    private final Path folder;
    private final Progress progress;
    private final Optional<ModelCard> card;

    NightStaging(StageSettings settings, Path folder, Progress progress) throws IOException {
        this.settings = settings;
        this.folder = folder;
        this.progress = progress;
        card = ModelCard.in(settings.modelPath());
    }

    Path answers() {
        return folder.resolve("answers/eeg_answers.jsonl");
    }

    Path hypnogram() {
        return folder.resolve("hypnogram.csv");
    }

    Path report() {
        return folder.resolve("report.html");
    }

    private Path manifest() {
        return folder.resolve("epochs.jsonl");
    }

    private Path pictures() {
        return folder.resolve("eeg_images_eval");
    }

    /** Which model staged it, and on what that model was trained. */
    List<String> notes() {
        return ModelNotes.of(card);
    }

    /** Runs what is not finished yet, and gives the answers. */
    List<Answer> run() throws IOException {
        var spec = specOfTheModel();
        if (!Files.exists(manifest())) {
            render(spec);
        }
        nameSpecOfTheModel(spec);
        if (!Files.exists(folder.resolve(FeatureExport.EVAL_FEATURES))) {
            var config = new ExportConfig(manifest(), settings.vision(), folder)
                    .withStandardizationFrom(settings.modelPath())
                    .withExecution(Execution.DEFAULT.withDevice(settings.device()));
            new FeatureExport(config, progress).run();
        }
        if (!Files.exists(folder.resolve(DatasetBuild.QUESTIONS))) {
            new DatasetBuild(new BuildConfig(manifest(), folder).withQuestion(question()), progress).run();
        }
        if (!Files.exists(answers())) {
            ask();
        }
        var answers = Answer.readAll(answers());
        HypnogramCsv.write(hypnogram(), answers, epochLength(spec));
        writeScores(answers);
        if (!Files.exists(report())) {
            writeReport();
        }
        return answers;
    }

    private RenderSpec specOfTheModel() throws IOException {
        try (var extractor = FeatureExtractor.open(settings.vision(), settings.device())) {
            return extractor.config().renderSpec();
        }
    }

    private void render(RenderSpec spec) throws IOException {
        var drawn = settings.channels().map(spec::withChannels).orElse(spec);
        if (drawn.channels().size() != spec.channels().size()) {
            throw new IllegalArgumentException("the model's pictures show %d channels (%s), given are %d"
                    .formatted(
                            spec.channels().size(),
                            String.join(", ", spec.channels()),
                            drawn.channels().size()));
        }
        var found = Nights.of(settings.recording());
        var night = new Night(
                found.subject(),
                found.night(),
                found.recording(),
                settings.hypnogram().or(found::hypnogram),
                found.text(),
                epochLength(spec),
                Optional.of(Split.EVAL));
        var nobody = new SubjectSplit(0, 0, 0);
        new EpochRendering(new RenderConfig(List.of(night), folder, drawn, nobody, false), progress).run();
    }

    /**
     * The same channel has other names elsewhere. The pictures are drawn as the model's own, so the manifest names the
     * model's spec for them; the channels in it are those that were read.
     */
    private void nameSpecOfTheModel(RenderSpec spec) throws IOException {
        var records = EpochManifest.read(manifest()).records();
        if (records.stream().allMatch(record -> record.renderSpec().equals(spec.sha256()))) {
            return;
        }
        new EpochManifest(records.stream()
                        .map(record -> record.withRenderSpec(spec.sha256()))
                        .toList())
                .write(manifest());
    }

    private String question() {
        return card.map(ModelCard::question)
                .orElseThrow(() -> new IllegalArgumentException(settings.modelPath()
                        + " has no eegvlm.json, which tells how to ask it; use a model that finetune has made"));
    }

    private void ask() throws IOException {
        var model = new VqaConfig.Model(
                settings.modelPath(), settings.modelBase(), LoadOptions.on(settings.device()), Optional.empty());
        var data = new VqaConfig.Data(
                folder.resolve(DatasetBuild.QUESTIONS), pictures(), Optional.empty(), Optional.empty(), 0);
        Files.createDirectories(answers().resolveSibling(""));
        new VqaEvaluator(
                        new VqaConfig(
                                model,
                                data,
                                answers(),
                                QUESTIONS_AT_ONCE,
                                GenerationOptions.greedy(MAX_NEW_TOKENS),
                                false),
                        progress)
                .run();
    }

    private void writeScores(List<Answer> answers) throws IOException {
        var scored =
                answers.stream().filter(answer -> answer.label().isPresent()).toList();
        if (!scored.isEmpty()) {
            Scores.of(scored).write(folder.resolve("answers/metrics.json"));
        }
    }

    private void writeReport() throws IOException {
        var title = "%s, staged by %s"
                .formatted(
                        settings.recording().getFileName(), settings.modelPath().getFileName());
        var config =
                NightReportConfig.of(title, answers(), pictures(), report()).withNotes(notes());
        new NightReport(config).run();
    }

    private static Duration epochLength(RenderSpec spec) {
        return Duration.ofNanos(Math.round(spec.epochSeconds() * 1e9));
    }
}
