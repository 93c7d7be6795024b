package org.eegvlm.vision.render;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.eegvlm.core.Progress;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.core.night.Night;

/**
 * Draws all epochs of all nights into a data folder: {@code eeg_images_ft/} (train and validation),
 * {@code eeg_images_eval/}, {@code render.json} and, last, the manifest {@code epochs.jsonl}. Or without the two folders:
 * {@link EpochImages} draws the pictures again then when they are needed.
 *
 * <p>Of a night with a hypnogram the unscored epochs are left out; a night without one gives all its whole epochs. A run
 * that was killed goes on with the night it was in and ends in the same bytes.
 */
public final class EpochRendering {

    private static final String TASK = "rendering";

    private final RenderConfig config;
    private final Progress progress;

    public EpochRendering(RenderConfig config, Progress progress) {
        this.config = config;
        this.progress = progress;
    }

    /**
     * @throws org.eegvlm.core.UnknownChannelException if a recording lacks a channel of the spec
     * @throws org.eegvlm.core.io.OutputExistsException if a finished output may not be replaced
     * @throws org.eegvlm.core.manifest.LeakageException if a subject or a picture is in two splits
     */
    public RenderReport run() throws IOException {
        try (var renderer = new EpochRenderer(config.spec())) {
            var plans = plans(renderer);
            var output = RenderOutput.begin(config.output(), fingerprint(plans), config.files(), config.overwrite());
            var manifest = new EpochManifest(draw(plans, output, renderer));
            output.finish(manifest, config.spec());
            return report(plans, manifest);
        }
    }

    private List<NightPlan> plans(EpochRenderer renderer) throws IOException {
        var dealt = dealtSplits();
        var plans = new ArrayList<NightPlan>();
        for (var night : config.nights()) {
            var split = night.split().orElseGet(() -> dealt.getOrDefault(night.subject(), Split.TRAIN));
            plans.add(NightPlan.of(night, split, renderer, config.wake()));
        }
        return plans;
    }

    /** The splits of the subjects whose nights name none. */
    private Map<String, Split> dealtSplits() {
        var subjects = config.nights().stream()
                .filter(night -> night.split().isEmpty())
                .map(Night::subject)
                .toList();
        return subjects.isEmpty() ? Map.of() : config.split().assign(subjects);
    }

    private List<EpochRecord> draw(List<NightPlan> plans, RenderOutput output, EpochRenderer renderer)
            throws IOException {
        long total = plans.stream().mapToLong(plan -> plan.items().size()).sum();
        var workers = Executors.newFixedThreadPool(config.threads());
        try {
            var rendering = new NightRendering(output, renderer, workers);
            var records = new ArrayList<EpochRecord>();
            for (var plan : plans) {
                var name = plan.night().night();
                var earlier = output.drawn(name);
                if (earlier.isPresent()) {
                    records.addAll(earlier.get());
                } else {
                    var fresh = rendering.run(plan);
                    output.markDrawn(name, fresh);
                    records.addAll(fresh);
                }
                progress.at(TASK, records.size(), total, name);
            }
            return records;
        } finally {
            workers.shutdownNow();
        }
    }

    private String fingerprint(List<NightPlan> plans) throws IOException {
        var text = new StringBuilder(config.spec().sha256());
        text.append(config.files() ? "" : " not written");
        for (var plan : plans) {
            text.append('\n').append(plan.fingerprint());
        }
        return Sha256.of(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static RenderReport report(List<NightPlan> plans, EpochManifest manifest) {
        var bySplit = new EnumMap<Split, Integer>(Split.class);
        for (var split : Split.values()) {
            bySplit.put(split, manifest.split(split).size());
        }
        int unscored = plans.stream().mapToInt(NightPlan::unscored).sum();
        var warnings = plans.stream().flatMap(plan -> plan.warnings().stream()).toList();
        return new RenderReport(plans.size(), manifest.records().size(), unscored, bySplit, warnings);
    }
}
