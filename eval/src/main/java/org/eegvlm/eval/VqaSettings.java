package org.eegvlm.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.checkpoint.LoadOptions;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.llama.GenerationOptions;
import org.eegvlm.llava.AnswerOptions;

/** All that decides about a run's answers; lies beside them. A run goes on only with what the same settings gave. */
record VqaSettings(
        String model,
        Optional<String> base,
        Optional<String> adapterSha256,
        String dtype,
        boolean fourBit,
        String conversation,
        String featureMode,
        long seed,
        int batch,
        GenerationOptions generation,
        String imageFolder,
        String questionsSha256,
        Optional<String> featuresSha256,
        Optional<String> sidecarSha256) {

    static VqaSettings of(VqaConfig config, AnswerOptions options) throws IOException {
        var model = config.model();
        var data = config.data();
        boolean readsRows = options.mode().readsRows();
        return new VqaSettings(
                model.path().toString(),
                model.base().map(Path::toString),
                hash(model.path().resolve("adapter_model.safetensors")),
                LoadOptions.name(model.load().type()),
                model.load().fourBit(),
                options.conversation().label(),
                options.mode().label(),
                data.seed(),
                config.batch(),
                config.generation(),
                data.imageFolder().toString(),
                Sha256.of(data.questionFile()),
                readsRows ? hash(data.featureFile()) : Optional.empty(),
                readsRows ? hash(FeatureSidecar.beside(data.featureFile())) : Optional.empty());
    }

    private static Optional<String> hash(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(Sha256.of(file)) : Optional.empty();
    }
}
