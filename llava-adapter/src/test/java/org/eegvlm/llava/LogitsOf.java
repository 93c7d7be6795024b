package org.eegvlm.llava;

import ai.djl.ndarray.NDScope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.eegvlm.checkpoint.LoadOptions;

/** What a model makes of one question with two pictures and a feature row: the logits of every position. */
public final class LogitsOf {

    private LogitsOf() {}

    public static float[] model(Path model, Optional<Path> base) throws IOException {
        try (var llava = LlavaModel.open(model, base, LoadOptions.on("cpu"));
                var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var prompt = new PromptTokenizer(llava.tokenizer(), Conversation.V1).prompt("a", 2, "Which stage?");
            var layout = SpliceLayout.of(List.of(prompt), FeatureMode.FUSE, 4, 256);
            var pictures = llava.towerFeatures(List.of(picture(3)));
            var x = llava.splice(layout, pictures, llava.featureRows(List.of(row())));
            for (int layer = 0; layer < llava.decoder().layers(); layer++) {
                x = llava.decoder().layer(layer, x);
            }
            return llava.decoder().logits(x).toFloatArray();
        }
    }

    private static RgbImage picture(int seed) {
        var rgb = new byte[40 * 28 * 3];
        new SplittableRandom(seed).nextBytes(rgb);
        return new RgbImage(40, 28, rgb);
    }

    private static float[] row() {
        var random = new SplittableRandom(1);
        var row = new float[TinyLlava.TOWER.width()];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) random.nextGaussian();
        }
        return row;
    }
}
