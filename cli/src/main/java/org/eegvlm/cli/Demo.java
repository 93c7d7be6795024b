package org.eegvlm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.core.Progress;
import org.eegvlm.core.baseline.BaselineConfig;
import org.eegvlm.core.baseline.BaselineMethod;
import org.eegvlm.core.baseline.Baselines;
import org.eegvlm.core.data.ModelCard;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.manifest.SubjectSplit;
import org.eegvlm.core.night.Nights;
import org.eegvlm.core.score.Answer;
import org.eegvlm.core.score.Scores;
import org.eegvlm.core.sim.Simulation;
import org.eegvlm.core.sim.SimulationConfig;
import org.eegvlm.eval.NightReport;
import org.eegvlm.eval.NightReportConfig;
import org.eegvlm.eval.VqaConfig;
import org.eegvlm.eval.VqaEvaluator;
import org.eegvlm.features.BuildConfig;
import org.eegvlm.features.DatasetBuild;
import org.eegvlm.features.ExportConfig;
import org.eegvlm.features.FeatureExport;
import org.eegvlm.finetune.FineTuneRunner;
import org.eegvlm.finetune.Surroundings;
import org.eegvlm.finetune.config.BatchConfig;
import org.eegvlm.finetune.config.ExecutionConfig;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.InputConfig;
import org.eegvlm.finetune.config.OptimizerConfig;
import org.eegvlm.finetune.config.RunPaths;
import org.eegvlm.llama.GenerationOptions;
import org.eegvlm.llama.LoraConfig;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.TowerCache;
import org.eegvlm.llava.write.NanoConfig;
import org.eegvlm.llava.write.NanoLlava;
import org.eegvlm.vision.Schedule;
import org.eegvlm.vision.VisionConfig;
import org.eegvlm.vision.VisionTraining;
import org.eegvlm.vision.engine.Picture;
import org.eegvlm.vision.render.EpochRendering;
import org.eegvlm.vision.render.RenderConfig;
import org.eegvlm.vision.render.RenderSpec;

/** The whole chain on simulated nights: the steps that the subcommands are, strung together. */
final class Demo {

    /** Longer than any answer that was taught. */
    private static final int MAX_NEW_TOKENS = 96;

    private static final int QUESTIONS_AT_ONCE = 16;

    /** More than all its pictures take. */
    private static final long TOWER_CACHE_BYTES = 1L << 30;

    /** The model that was trained on the right rows, asked with other epochs' rows. */
    private static final String MIXED_UP = "fuse, rows mixed up";

    private final DemoSettings settings;
    private final DemoFolder folder;
    private final Progress progress;
    private final long started = System.nanoTime();

    Demo(DemoSettings settings, DemoFolder folder, Progress progress) {
        this.settings = settings;
        this.folder = folder;
        this.progress = progress;
    }

    /** The steps in their order; each reads what the ones before have written. */
    List<DemoStep> steps() {
        var steps = new ArrayList<DemoStep>();
        steps.add(new DemoStep("simulate", folder.raw(), this::simulate));
        steps.add(new DemoStep("render", folder.manifest(), this::render));
        steps.add(new DemoStep("baselines", folder.predictions("bandpower"), this::baselines));
        steps.add(new DemoStep("train-vision", folder.vision(), this::trainVision));
        steps.add(new DemoStep("export-features", folder.evalFeatures(), this::exportFeatures));
        steps.add(new DemoStep("build-data", folder.samples(), this::buildData));
        steps.add(new DemoStep("make-base", folder.base(), this::makeBase));
        steps.add(new DemoStep("ask the base", folder.predictions("base"), this::askBase));
        for (var mode : modes()) {
            var suffix = mode == FeatureMode.FUSE ? "" : " (" + mode.label() + ")";
            steps.add(new DemoStep("finetune" + suffix, folder.adapterConfig(mode), () -> fineTune(mode)));
            steps.add(new DemoStep("model-vqa" + suffix, folder.answers(mode), () -> ask(mode)));
        }
        if (settings.ablations()) {
            steps.add(new DemoStep("model-vqa (rows mixed up)", folder.predictions(MIXED_UP), this::askMixedUp));
        }
        steps.add(new DemoStep("score", folder.metrics(), this::score));
        steps.add(new DemoStep("report", folder.report(), this::report));
        return steps;
    }

    private List<FeatureMode> modes() {
        return settings.ablations()
                ? List.of(FeatureMode.OFF, FeatureMode.ZERO, FeatureMode.SHUFFLE, FeatureMode.FUSE)
                : List.of(FeatureMode.FUSE);
    }

    private String simulate() throws IOException {
        var nights = settings.nights();
        var config = new SimulationConfig(folder.raw(), nights.subjects(), nights.epochs(), settings.seed());
        return new Simulation(config, progress).run().size() + " nights";
    }

    private String render() throws IOException {
        var split = new SubjectSplit(
                settings.nights().validationSubjects(), settings.nights().evalSubjects(), settings.seed());
        var config = new RenderConfig(Nights.in(folder.raw()), folder.data(), RenderSpec.DEFAULT, split, false);
        return new EpochRendering(config, progress).run().pictures() + " pictures";
    }

    private String baselines() throws IOException {
        for (var method : List.of(BaselineMethod.MAJORITY, BaselineMethod.BANDPOWER)) {
            var answers = folder.predictions(method.label());
            Baselines.run(new BaselineConfig(folder.manifest(), answers, method, true), progress);
        }
        return "majority class; logistic regression on band powers";
    }

    private String trainVision() throws IOException {
        var config = VisionConfig.of(folder.manifest(), folder.vision())
                .withPicture(Picture.DEFAULT.withSize(settings.vision().pictureSize()))
                .withSchedule(Schedule.DEFAULT.withPasses(settings.vision().passes()))
                .withSeed(settings.seed());
        new VisionTraining(config, progress).run();
        return "ResNet-18, %d passes".formatted(settings.vision().passes());
    }

    private String exportFeatures() throws IOException {
        var config = new ExportConfig(folder.manifest(), folder.vision(), folder.data());
        new FeatureExport(config, progress).run();
        return "train and eval rows of 1024";
    }

    private String buildData() throws IOException {
        var report = new DatasetBuild(new BuildConfig(folder.manifest(), folder.data()), progress).run();
        return "%d samples, %d questions".formatted(report.samples(), report.questions());
    }

    private String makeBase() throws IOException {
        NanoLlava.create(NanoConfig.of(folder.base(), settings.seed(), false));
        return "nano-llava in LLaVA-1.5's layout";
    }

    private String askBase() throws IOException {
        var model = new VqaConfig.Model(folder.base(), Optional.empty(), LoadOptions.on("cpu"), Optional.empty());
        return ask(model, FeatureMode.OFF, folder.predictions("base"));
    }

    private String fineTune(FeatureMode mode) throws IOException {
        var language = settings.language();
        var paths = new RunPaths(
                folder.base(),
                folder.samples(),
                folder.trainPictures(),
                mode.readsRows() ? Optional.of(folder.trainFeatures()) : Optional.empty(),
                folder.checkpoint(mode));
        var config = FineTuneConfig.of(paths)
                .withLora(LoraConfig.DEFAULT.withRank(language.loraRank(), language.loraAlpha()))
                .withOptimizer(OptimizerConfig.DEFAULT.withRates(language.learningRate(), language.projectorRate()))
                .withBatch(BatchConfig.ofSteps(language.batch(), language.steps()))
                .withInput(InputConfig.DEFAULT.withFeatureMode(mode))
                .withExecution(ExecutionConfig.DEFAULT.withSeed(settings.seed()));
        var surroundings = Surroundings.of(progress).withTowerCache(towerCache());
        new FineTuneRunner(config, surroundings).run();
        return "LoRA r%d, %d steps of %d".formatted(language.loraRank(), language.steps(), language.batch());
    }

    private String ask(FeatureMode mode) throws IOException {
        return ask(tuned(mode), mode, folder.answers(mode));
    }

    private String askMixedUp() throws IOException {
        return ask(tuned(FeatureMode.FUSE), FeatureMode.SHUFFLE, folder.predictions(MIXED_UP));
    }

    private VqaConfig.Model tuned(FeatureMode mode) {
        return new VqaConfig.Model(
                folder.checkpoint(mode), Optional.of(folder.base()), LoadOptions.on("cpu"), Optional.empty());
    }

    private String ask(VqaConfig.Model model, FeatureMode mode, Path answers) throws IOException {
        var data = new VqaConfig.Data(
                folder.questions(),
                folder.evalPictures(),
                Optional.of(folder.evalFeatures()),
                Optional.of(mode.label()),
                settings.seed());
        var config =
                new VqaConfig(model, data, answers, QUESTIONS_AT_ONCE, GenerationOptions.greedy(MAX_NEW_TOKENS), false);
        return new VqaEvaluator(config, towerCache(), progress).run().questions() + " answers";
    }

    private Optional<TowerCache> towerCache() {
        return Optional.of(new TowerCache(folder.towerCache(), TOWER_CACHE_BYTES));
    }

    private String score() throws IOException {
        var scores = Scores.of(Answer.readAll(folder.answers(FeatureMode.FUSE)));
        scores.write(folder.metrics());
        return String.format(Locale.ROOT, "kappa %.3f", scores.overall().kappa());
    }

    private String report() throws IOException {
        var checkpoint = folder.checkpoint(FeatureMode.FUSE);
        var config = NightReportConfig.of(
                        "Simulated nights, staged by nano-llava",
                        folder.answers(FeatureMode.FUSE),
                        folder.evalPictures(),
                        folder.report())
                .withNotes(ModelNotes.of(ModelCard.in(checkpoint)))
                .withLoss(checkpoint.resolve("loss.jsonl"));
        return "" + new NightReport(config).run().getFileName();
    }

    /** Compares everybody who answered; the time and memory are this run's. */
    Summary summarise() throws IOException {
        var figures = new LinkedHashMap<String, Summary.Figures>();
        for (var who : List.of("majority", "bandpower", "vision", "base")) {
            figures.put(who, Summary.Figures.of(folder.predictions(who)));
        }
        for (var mode : modes()) {
            figures.put(mode.label(), Summary.Figures.of(folder.answers(mode)));
        }
        if (settings.ablations()) {
            figures.put(MIXED_UP, Summary.Figures.of(folder.predictions(MIXED_UP)));
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        var summary = new Summary(settings.seed(), seconds, Summary.peakResidentMegabytes(), figures);
        Json.write(folder.summary(), summary);
        return summary;
    }
}
