package org.eegvlm.finetune.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.io.Inside;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.SampleFiles;
import org.eegvlm.finetune.data.EvaluationData;

/**
 * {@code finetune.json}: the settings of a run and what it was fed, written before its first step and into every checkpoint.
 *
 * <p>A run that finds another record in its folder was begun with something else, and must not go on from there.
 */
public final class RunRecord {

    private static final String FILE = "finetune.json";

    private static final String ADAPTER = "adapter_model.safetensors";

    /** Header and first tensor of a file with weights. */
    private static final int BEGINNING = 1 << 20;

    private final Map<String, Object> content;

    private RunRecord(Map<String, Object> content) {
        this.content = content;
    }

    /**
     * That of a run.
     *
     * @param pictures of the samples, relative to the image folder; they count by name and size
     * @param asked what it is asked about on its way
     */
    public static RunRecord of(FineTuneConfig config, List<String> pictures, Optional<EvaluationData> asked)
            throws IOException {
        var paths = config.paths();
        var mode = config.input().featureMode();
        var inputs = new LinkedHashMap<String, Object>();
        put(inputs, "", paths.samples().readBy(mode), pictures);
        inputs.put("model_config_sha256", Sha256.of(paths.model().resolve("config.json")));
        inputs.put("model_files", beginnings(paths.model()));
        if (asked.isPresent()) {
            put(inputs, "eval_", asked.get().files().readBy(mode), asked.get().pictures());
        }
        var start = config.execution().start();
        if (start.checkpoint().isPresent() && !isOwn(start.checkpoint().get(), paths.output())) {
            inputs.put("checkpoint_sha256", Sha256.of(start.checkpoint().get().resolve(ADAPTER)));
        }
        if (start.adapter().isPresent()) {
            inputs.put("adapter_files", beginnings(start.adapter().get()));
        }
        var content = new LinkedHashMap<>(config.settings());
        content.put("inputs", inputs);
        return new RunRecord(content);
    }

    private static void put(Map<String, Object> inputs, String prefix, SampleFiles files, List<String> pictures)
            throws IOException {
        inputs.put(prefix + "data_sha256", Sha256.of(files.data()));
        if (files.features().isPresent() && Files.exists(files.features().get())) {
            var features = files.features().get();
            inputs.put(prefix + "features_sha256", Sha256.of(features));
            var sidecar = FeatureSidecar.beside(features);
            if (Files.exists(sidecar)) {
                inputs.put(prefix + "features_sidecar_sha256", Sha256.of(sidecar));
            }
        }
        inputs.put(prefix + "pictures_sha256", Sha256.of(pictureSizes(files.images(), pictures)));
    }

    /** Whether a run was begun in the folder. */
    static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(FILE));
    }

    /** Whether it was this run. */
    boolean isOf(Path folder) throws IOException {
        return isIn(folder) && Files.readString(folder.resolve(FILE)).equals(text());
    }

    /** @throws IllegalArgumentException if another run was begun in the folder */
    void requireNoOther(Path folder) throws IOException {
        if (isIn(folder) && !isOf(folder)) {
            throw new IllegalArgumentException(
                    "%s was begun with other settings or other inputs, see its %s; give --overwrite to drop it, or --output-dir another folder"
                            .formatted(folder, FILE));
        }
    }

    void write(Path folder) throws IOException {
        Output.writeAtomically(folder.resolve(FILE), text().getBytes(StandardCharsets.UTF_8));
    }

    private String text() {
        try {
            return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Size and first bytes of each file: they tell bases apart without reading 26 GB. */
    private static Map<String, String> beginnings(Path model) throws IOException {
        var beginnings = new TreeMap<String, String>();
        try (var files = Files.walk(model)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                try (var content = Files.newInputStream(file)) {
                    var name = model.relativize(file).toString().replace('\\', '/');
                    var sha256 = Sha256.of(content.readNBytes(BEGINNING));
                    beginnings.put(name, "%d bytes, beginning %s".formatted(Files.size(file), sha256));
                }
            }
        }
        return beginnings;
    }

    /** Whether a checkpoint is one of the run's own. */
    static boolean isOwn(Path checkpoint, Path output) {
        return output.toAbsolutePath()
                .normalize()
                .equals(checkpoint.toAbsolutePath().normalize().getParent());
    }

    private static byte[] pictureSizes(Path folder, List<String> pictures) throws IOException {
        var text = new StringBuilder();
        for (var picture : pictures) {
            text.append(picture)
                    .append(' ')
                    .append(Files.size(Inside.resolve(folder, picture)))
                    .append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
