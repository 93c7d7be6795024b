package org.eegvlm.finetune;

import java.io.IOException;
import java.util.Optional;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.data.BatchPlan;
import org.eegvlm.finetune.data.EvaluationData;
import org.eegvlm.finetune.data.TrainingData;
import org.eegvlm.finetune.output.RunRecord;
import org.eegvlm.finetune.output.RunStart;
import org.eegvlm.llava.ModelOutline;
import org.eegvlm.llava.PromptTokenizer;
import org.eegvlm.tokenizer.LlamaTokenizer;

/**
 * A run before its base is opened: everything it is fed, read and checked.
 *
 * @param config with LoRA as the adapter or checkpoint has it that the run starts from
 * @param model what the headers of the base's files tell
 * @param evaluation what it is asked about on its way; empty where it is not
 * @param start where it begins
 */
record PlannedRun(
        FineTuneConfig config,
        ModelOutline model,
        TrainingData data,
        Optional<EvaluationData> evaluation,
        BatchPlan plan,
        RunStart start) {

    /**
     * @throws IllegalArgumentException if the output exists, a file is missing, or settings do not go together
     * @throws org.eegvlm.core.MalformedDataException if data, features and pictures do not fit each other or the model
     */
    static PlannedRun read(FineTuneConfig asked) throws IOException {
        RunStart.requireReady(asked);
        var config = RunStart.settled(asked);
        var base = config.paths().model();
        var model = ModelOutline.read(base);
        BaseModels.requireLayers(config, model);
        config.input().requireFits(model.vision(), base);
        try (var tokenizer = LlamaTokenizer.load(base)) {
            var prompts = new PromptTokenizer(tokenizer, config.input().conversation());
            var data = TrainingData.load(config, prompts, TrainingData.Limits.of(config.input(), model));
            var evaluation = EvaluationData.read(config, prompts, data);
            var plan = BatchPlan.of(config, data);
            var record = RunRecord.of(config, data.pictures(), evaluation);
            return new PlannedRun(config, model, data, evaluation, plan, RunStart.of(config, record, plan.steps()));
        }
    }
}
