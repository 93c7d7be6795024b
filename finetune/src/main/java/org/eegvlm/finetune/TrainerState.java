package org.eegvlm.finetune;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The words of Hugging Face's {@code trainer_state.json}, so that its tools draw the curves. Times are left out. */
final class TrainerState {

    private TrainerState() {}

    static Map<String, Object> of(BatchPlan plan, long maxSteps, List<LoggedStep> log) {
        var state = new LinkedHashMap<String, Object>();
        state.put("best_metric", null);
        state.put("best_model_checkpoint", null);
        state.put("epoch", plan.passesAfter(log.size()));
        state.put("global_step", log.size());
        state.put("is_hyper_param_search", false);
        state.put("is_local_process_zero", true);
        state.put("is_world_process_zero", true);
        state.put("log_history", log.stream().map(step -> history(plan, step)).toList());
        state.put("logging_steps", 1);
        state.put("max_steps", maxSteps);
        state.put("num_train_epochs", (long) Math.ceil(plan.passesAfter(maxSteps)));
        state.put("train_batch_size", plan.batchSize());
        state.put("trial_name", null);
        state.put("trial_params", null);
        return state;
    }

    private static Map<String, Object> history(BatchPlan plan, LoggedStep step) {
        var entry = new LinkedHashMap<String, Object>();
        entry.put("epoch", plan.passesAfter(step.step()));
        entry.put("learning_rate", step.learningRate());
        entry.put("loss", step.loss());
        entry.put("step", step.step());
        return entry;
    }
}
