package org.eegvlm.features;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.data.FeatureSidecar.Standardization;
import org.eegvlm.core.data.OutOfFold;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.LeakageGate;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.core.manifest.StreamedManifest;
import org.eegvlm.vision.FeatureExtractor;
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
 *
 * <p>Memory does not grow with the rows: who needs the manifest's epochs reads them again, rows go to disk batch by batch, and
 * the sidecar id by id. What is held of an epoch is 16 to 40 bytes while {@link StreamedManifest} looks for lines that clash,
 * and a bit while the standardisation is fitted.
 */
public final class FeatureExport {

    public static final String TRAIN_FEATURES = "train_high_level_features.npy";
    public static final String EVAL_FEATURES = "eval_high_level_features.npy";

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
        var card = FeatureExtractor.card(config.visionModel());
        var manifest = StreamedManifest.open(
                config.manifest(), (epoch, place) -> requireKnown(epoch, card.renderSpecSha256()));
        LeakageGate.checkEncoder(card.seenSubjects(), manifest.subjects(Split.EVAL, true));
        var source = new FeatureSource(
                FeatureExtractor.encoderSha256(config.visionModel()), card.renderSpecSha256(), card.seenSubjects());
        var whole = new OutOfFold.Encoder(source.encoder(), card.trainedOnSubjects());
        var train = trainRows(manifest, whole);
        var eval = RowPlan.of(manifest, false, config.visionModel(), whole, Split.EVAL);
        var given = given(manifest, source);
        var plan = ExportPlan.of(config, deciding(manifest, source, train, given));
        var execution = config.execution().with(plan.load());
        try (var images = EpochImages.beside(config.manifest());
                var extractor = FeatureExtractor.open(config.visionModel(), execution)) {
            var encoding = new RowEncoding(config.visionModel(), extractor, images, execution, progress);
            encoding.requireFolds(train);
            plan.begin(config, List.of(TRAIN_FEATURES, EVAL_FEATURES));
            var standardization = given;
            if (train.size() > 0) {
                standardization = Optional.of(write(TRAIN_FEATURES, train, encoding, source, given));
            }
            if (eval.size() > 0) {
                write(EVAL_FEATURES, eval, encoding, source, standardization);
            }
            ExportPlan.finish(config);
            return new ExportReport(train.size(), eval.size());
        }
    }

    private void requireKnown(EpochRecord epoch, String spec) {
        require(
                epoch.renderSpec().equals(spec),
                "%s knows pictures of render spec %s, but epoch %s was rendered by %s",
                config.visionModel(),
                spec,
                epoch.id(),
                epoch.renderSpec());
    }

    private RowPlan trainRows(StreamedManifest manifest, OutOfFold.Encoder whole) throws IOException {
        boolean scoredOnly = config.standardizationFrom().isEmpty();
        return config.outOfFold()
                ? RowPlan.outOfFold(manifest, scoredOnly, config.visionModel(), whole)
                : RowPlan.of(manifest, scoredOnly, config.visionModel(), whole, Split.TRAIN, Split.VALIDATION);
    }

    /** The standardisation, where it is not fitted. */
    private Optional<Standardization> given(StreamedManifest manifest, FeatureSource source) throws IOException {
        if (config.standardizationFrom().isPresent()) {
            return Optional.of(
                    StandardizationSource.read(config.standardizationFrom().get(), source.encoder()));
        }
        if (manifest.subjects(Split.TRAIN, true).isEmpty()) {
            throw new IllegalArgumentException(config.manifest()
                    + " has no scored train epoch to fit the standardisation on; name the model to take it from");
        }
        return Optional.empty();
    }

    /** All that decides about the rows but the load. The manifest has the pictures' hashes. */
    private List<?> deciding(
            StreamedManifest manifest, FeatureSource source, RowPlan train, Optional<Standardization> given) {
        var asked = config.execution();
        return List.of(
                manifest.file().blocks(), source, train.encoders(), asked.engine(), asked.device(), Json.line(given));
    }

    /** Returns the standardisation that the file went through. */
    private Standardization write(
            String name, RowPlan rows, RowEncoding encoding, FeatureSource source, Optional<Standardization> given)
            throws IOException {
        var npy = config.output().resolve(name);
        if (Files.exists(npy)) { // finished by a run of the same plan that was killed later
            FeatureStore.forgetRows(npy);
            return StandardizationSource.Kept.in(FeatureSidecar.beside(npy)).standardization();
        }
        try (var store = FeatureStore.resume(npy, rows.size())) {
            encoding.fill(store, rows);
            var standardization = given.isPresent() ? given.get() : store.fit(rows.trainSplit());
            store.finish(standardization, sidecar -> source.writeSidecar(sidecar, rows, standardization));
            return standardization;
        }
    }
}
