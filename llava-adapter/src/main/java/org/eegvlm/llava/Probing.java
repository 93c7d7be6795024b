package org.eegvlm.llava;

import ai.djl.ndarray.NDScope;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.eegvlm.llama.Ending;
import org.eegvlm.llama.GenerationOptions;
import org.eegvlm.llama.Generator;
import org.eegvlm.llama.Prefill;

/** Looks into a model, one question at a time. */
final class Probing {

    private final LlavaModel model;
    private final PromptTokenizer prompts;
    private final FeatureMode mode;
    private final int newTokens;
    private final Generator generator;

    Probing(LlavaModel model, Conversation conversation, FeatureMode mode, int newTokens) {
        this.model = model;
        this.prompts = new PromptTokenizer(model.tokenizer(), conversation);
        this.mode = mode;
        this.newTokens = newTokens;
        this.generator = new Generator(model.decoder());
    }

    ProbedPrompt probe(VqaRequest request) {
        var batch = PromptBatch.of(model, prompts, mode, List.of(request), newTokens);
        try (var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var layout = batch.layout();
            try (var prompt = generator.prefill(batch.embeddings(layout), layout.lengths(), newTokens)) {
                return new ProbedPrompt(batch.samples().get(0).ids(), prompt.logits()[0], greedy(prompt));
            }
        }
    }

    private int[] greedy(Prefill prompt) {
        if (newTokens == 0) {
            return new int[0];
        }
        var said =
                generator.generate(prompt, GenerationOptions.greedy(newTokens)).get(0);
        return said.ending() == Ending.END ? ended(prompt, said.tokens()) : said.tokens();
    }

    /** The same with the end token that followed: the likeliest, if there are several. */
    private int[] ended(Prefill prompt, int[] tokens) {
        var ends = model.decoder().config().tokens().end();
        var candidates = ends.stream().map(end -> new int[] {end}).toList();
        var logP = generator.continuationLogProbabilities(prompt, tokens, candidates)[0];
        int likeliest = IntStream.range(0, ends.size())
                .boxed()
                .max(Comparator.comparingDouble(n -> logP[n]))
                .orElseThrow();
        var ended = Arrays.copyOf(tokens, tokens.length + 1);
        ended[tokens.length] = ends.get(likeliest);
        return ended;
    }
}
