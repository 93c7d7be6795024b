package org.eegvlm.features;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.data.FeatureSidecar.Standardization;
import org.eegvlm.core.data.OutOfFold;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.LeakageGate;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.vision.FeatureExtractor;
import org.eegvlm.vision.Load;
import org.eegvlm.vision.render.EpochImages;

/**
 * Encodes the pictures of a manifest: {@code train_high_level_features.npy} (scored epochs of the train and validation
 * subjects) and {@code eval_high_level_features.npy} (all epochs of the evaluation subjects), each with its sidecar.
 *
 * <p>Features are standardised to mean 0 and RMS 1, as the train split has them: much smaller ones a language model
 * learns to overlook. With an existing model's standardisation unscored epochs are exported in either file. Where a
 * split has no epoch, its file is not written. Out of fold, each train subject's rows come from the fold model that has
 * not seen it, fold by fold. A run that was killed goes on after the last whole batch; until both
 * files are finished, {@code features.plan} beside them remembers what they are made of.
 */
public final class FeatureExport {

    public static final String TRAIN_FEATURES = "train_high_level_features.npy";
    public static final String EVAL_FEATURES = "eval_high_level_features.npy";

    private static final String PLAN = "features.plan";

    /**
     * What an unfinished export is made of.
     *
     * @param sha256 names all that decides about the rows but the load
     * @param load at which it was begun: the last bits hang on it
     */
    private record Plan(String sha256, Load load) {

        Plan {
            require(sha256 != null && load != null, "a plan has a hash and a load");
        }
    }

    /**
     * What an export takes.
     *
     * @param source of the rows of the evaluation subjects
     * @param trainSource of those of the train and validation subjects
     * @param given the standardisation, where it is not fitted
     */
    private record Parts(
            FeatureSource source,
            RowPlan train,
            FeatureSource trainSource,
            RowPlan eval,
            Optional<Standardization> given) {}

    private final ExportConfig config;
    private final Progress progress;

    public FeatureExport(ExportConfig config, Progress progress) {
        this.config = config;
        this.progress = progress;
    }

    /**
     * @throws OutputExistsException if the finished files are there and may not be replaced
     * @throws org.eegvlm.core.manifest.LeakageException if the vision module has seen an evaluation subject
     * @throws IllegalArgumentException if the vision module knows pictures of another render spec, there is neither an
     *     epoch to fit the standardisation on nor a model to take it from, or fold models are wanted and not there
     * @throws MalformedDataException if a picture is not the one that the manifest names
     */
    public ExportReport run() throws IOException {
        var parts = parts();
        var plan = plan(parts);
        var execution = config.execution().with(plan.load());
        return new FeatureExport(config.withExecution(execution), progress).export(parts, plan);
    }

    private Parts parts() throws IOException {
        var manifest = EpochManifest.read(config.manifest());
        var source = source(manifest);
        var train = trainRows(manifest);
        var trainSource = config.outOfFold() ? source.with(outOfFold(train)) : source;
        var eval = RowPlan.of(config.visionModel(), manifest.split(Split.EVAL));
        return new Parts(source, train, trainSource, eval, given(source, train.epochs()));
    }

    private ExportReport export(Parts parts, Plan plan) throws IOException {
        var train = parts.train();
        var eval = parts.eval();
        try (var images = EpochImages.beside(config.manifest());
                var whole = Encoder.open(config.visionModel(), config.execution())) {
            requireFolds(train, whole);
            begin(plan);
            var standardization = parts.given();
            if (!train.epochs().isEmpty()) {
                standardization =
                        Optional.of(export(TRAIN_FEATURES, train, images, whole, parts.trainSource(), standardization));
            }
            if (!eval.epochs().isEmpty()) {
                export(EVAL_FEATURES, eval, images, whole, parts.source(), standardization);
            }
            Files.delete(config.output().resolve(PLAN));
            return new ExportReport(train.epochs().size(), eval.epochs().size());
        }
    }

    /** @throws org.eegvlm.core.manifest.LeakageException if a model has learnt from the subject of one of its rows */
    private static OutOfFold outOfFold(RowPlan train) throws IOException {
        var folds = train.outOfFold();
        var subjects = new HashMap<String, String>();
        train.epochs().forEach(epoch -> subjects.put(epoch.id(), epoch.subject()));
        LeakageGate.checkOutOfFold(folds, ids(train), subjects);
        return folds;
    }

    /** Opens every fold model once: what an engine refuses it must refuse before older files make room. */
    private void requireFolds(RowPlan train, Encoder whole) throws IOException {
        for (var part : train.parts()) {
            if (!part.model().equals(whole.model())) {
                Encoder.open(part.model(), config.execution()).close();
            }
        }
    }

    private static List<String> ids(RowPlan rows) {
        return rows.epochs().stream().map(EpochRecord::id).toList();
    }

    private RowPlan trainRows(EpochManifest manifest) throws IOException {
        var epochs = manifest.split(Split.TRAIN, Split.VALIDATION).stream()
                .filter(epoch -> epoch.stage().isPresent()
                        || config.standardizationFrom().isPresent())
                .toList();
        return config.outOfFold()
                ? RowPlan.outOfFold(config.visionModel(), epochs)
                : RowPlan.of(config.visionModel(), epochs);
    }

    /** Refuses what would leak, or could not mean anything. */
    private FeatureSource source(EpochManifest manifest) throws IOException {
        var card = FeatureExtractor.card(config.visionModel());
        var judged = manifest.split(Split.EVAL).stream()
                .filter(epoch -> epoch.stage().isPresent())
                .map(EpochRecord::subject)
                .toList();
        LeakageGate.checkEncoder(card.seenSubjects(), judged);
        var spec = card.renderSpecSha256();
        for (var epoch : manifest.records()) {
            if (!epoch.renderSpec().equals(spec)) {
                throw new IllegalArgumentException(
                        "%s knows pictures of render spec %s, but epoch %s was rendered by %s"
                                .formatted(config.visionModel(), spec, epoch.id(), epoch.renderSpec()));
            }
        }
        return new FeatureSource(FeatureExtractor.encoderSha256(config.visionModel()), spec, card.seenSubjects());
    }

    private Optional<Standardization> given(FeatureSource source, List<EpochRecord> train) throws IOException {
        if (config.standardizationFrom().isPresent()) {
            return Optional.of(
                    StandardizationSource.read(config.standardizationFrom().get(), source.encoder()));
        }
        if (trainSplit(train).isEmpty()) {
            throw new IllegalArgumentException(config.manifest()
                    + " has no scored train epoch to fit the standardisation on; name the model to take it from");
        }
        return Optional.empty();
    }

    /** At the load that a killed run of the same began with; else at one that fits. The manifest has the pictures' hashes. */
    private Plan plan(Parts parts) throws IOException {
        var asked = config.execution();
        var deciding = List.of(
                Sha256.of(config.manifest()),
                parts.trainSource(),
                asked.engine(),
                asked.device(),
                Json.line(parts.given()));
        var sha256 = Sha256.of(Json.line(deciding).getBytes(StandardCharsets.UTF_8));
        var begun = begun().filter(plan -> sha256.equals(plan.sha256()) && asked.allows(plan.load()));
        return begun.isPresent() ? begun.get() : new Plan(sha256, FeatureExtractor.load(config.visionModel(), asked));
    }

    /** What a killed run has left; a plan of another version of this program is none of this one's. */
    private Optional<Plan> begun() throws IOException {
        var file = config.output().resolve(PLAN);
        try {
            return Files.exists(file) ? Optional.of(Json.read(file, Plan.class)) : Optional.empty();
        } catch (MalformedDataException e) {
            return Optional.empty();
        }
    }

    /** Goes on with what a killed run of the same plan has left; anything else makes room for a fresh start. */
    private void begin(Plan plan) throws IOException {
        if (begun().filter(plan::equals).isPresent()) {
            return;
        }
        var file = config.output().resolve(PLAN);
        boolean unfinished = Files.exists(file);
        for (var name : List.of(TRAIN_FEATURES, EVAL_FEATURES)) {
            var npy = config.output().resolve(name);
            if (Files.exists(npy) && !unfinished && !config.overwrite()) {
                throw new OutputExistsException(npy);
            }
        }
        Files.createDirectories(config.output());
        for (var name : List.of(TRAIN_FEATURES, EVAL_FEATURES)) {
            FeatureStore.clear(config.output().resolve(name));
        }
        Json.write(file, plan);
    }

    /** Returns the standardisation that the file went through. */
    private Standardization export(
            String name,
            RowPlan rows,
            EpochImages images,
            Encoder whole,
            FeatureSource source,
            Optional<Standardization> given)
            throws IOException {
        var npy = config.output().resolve(name);
        if (Files.exists(npy)) { // finished by a run of the same plan that was killed later
            return Json.read(FeatureSidecar.beside(npy), FeatureSidecar.class).standardization();
        }
        var ids = ids(rows);
        try (var store = FeatureStore.create(npy, source, ids)) {
            int first = 0;
            for (var part : rows.parts()) {
                if (store.rows() < first + part.epochs().size()) {
                    encode(part, first, images, whole, store, ids.size());
                }
                first += part.epochs().size();
            }
            var standardization = given.isPresent() ? given.get() : store.fit(trainSplit(rows.epochs()));
            store.finish(standardization);
            return standardization;
        }
    }

    /** @param first the place of the part's first row in the file */
    private void encode(RowPlan.Part part, int first, EpochImages images, Encoder whole, FeatureStore store, int total)
            throws IOException {
        if (part.model().equals(whole.model())) {
            encode(part.epochs(), first, images, whole, store, total);
            return;
        }
        try (var fold = Encoder.open(part.model(), config.execution())) {
            encode(part.epochs(), first, images, fold, store, total);
        }
    }

    private void encode(
            List<EpochRecord> epochs, int first, EpochImages images, Encoder encoder, FeatureStore store, int total)
            throws IOException {
        int size = config.execution().load().orElseThrow().atOnce();
        store.rewind(first + (store.rows() - first) / size * size);
        while (store.rows() < first + epochs.size()) {
            int done = store.rows() - first;
            var batch = epochs.subList(done, Math.min(done + size, epochs.size()));
            store.append(
                    batch.stream().map(EpochRecord::id).toList(),
                    encoder.extractor().encode(images.of(batch)).features());
            progress.at("encoding pictures", store.rows(), total, "");
        }
    }

    /** The places of the epochs that a standardisation may be fitted on. */
    private static List<Integer> trainSplit(List<EpochRecord> epochs) {
        return IntStream.range(0, epochs.size())
                .filter(n -> epochs.get(n).split() == Split.TRAIN
                        && epochs.get(n).stage().isPresent())
                .boxed()
                .toList();
    }
}
