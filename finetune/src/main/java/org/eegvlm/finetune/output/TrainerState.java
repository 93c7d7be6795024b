package org.eegvlm.finetune.output;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.Interval;
import org.eegvlm.finetune.data.BatchPlan;
import org.eegvlm.finetune.step.LoggedStep;

/**
 * {@code trainer_state.json} in the words of transformers' trainer, so that its tools draw the curves and its
 * {@code TrainerState} reads it. Times are left out: the same run writes the same bytes.
 *
 * @param config of the run
 */
record TrainerState(FineTuneConfig config, BatchPlan plan) {

    static final String FILE = "trainer_state.json";

    /** @param checkpoints among which the best one is, named from there */
    Map<String, Object> of(TrainingLog log, CheckpointFolders checkpoints) {
        var best = log.best(checkpoints);
        var state = new LinkedHashMap<String, Object>();
        state.put("best_global_step", best.map(LoggedEvaluation::step));
        state.put("best_metric", best.map(LoggedEvaluation::kappa));
        state.put("best_model_checkpoint", best.map(each -> path(checkpoints.of(each.step()))));
        state.put("epoch", plan.passesAfter(log.done()));
        state.put("eval_steps", interval(config.evaluation().interval()));
        state.put("global_step", log.done());
        state.put("is_hyper_param_search", false);
        state.put("is_local_process_zero", true);
        state.put("is_world_process_zero", true);
        state.put("log_history", history(log));
        state.put("logging_steps", config.logging().steps());
        state.put("max_steps", plan.steps());
        state.put(
                "num_input_tokens_seen",
                log.steps().stream().mapToLong(LoggedStep::tokens).sum());
        state.put("num_train_epochs", (long) Math.ceil(plan.passesAfter(plan.steps())));
        state.put("save_steps", interval(config.saving().interval()));
        state.put("stateful_callbacks", Map.of());
        state.put("total_flos", 0.0);
        state.put("train_batch_size", config.batch().size());
        state.put("trial_name", null);
        state.put("trial_params", null);
        return state;
    }

    private List<Map<String, Object>> history(TrainingLog log) {
        var history = new ArrayList<Map<String, Object>>();
        int every = config.logging().steps();
        var evaluations = new LinkedHashMap<Long, LoggedEvaluation>();
        log.evaluations().forEach(evaluation -> evaluations.put(evaluation.step(), evaluation));
        for (int i = 0; i < log.steps().size(); i++) {
            var step = log.steps().get(i);
            if (step.step() % every == 0) {
                history.add(trained(log.steps().subList(i + 1 - every, i + 1)));
            }
            Optional.ofNullable(evaluations.get(step.step())).ifPresent(each -> history.add(evaluated(each)));
        }
        return history;
    }

    /** As transformers does, the loss is the mean since the last line. */
    private Map<String, Object> trained(List<LoggedStep> since) {
        var last = since.get(since.size() - 1);
        var entry = new LinkedHashMap<String, Object>();
        entry.put("epoch", plan.passesAfter(last.step()));
        entry.put("grad_norm", last.gradNorm());
        entry.put("learning_rate", last.learningRate());
        entry.put("loss", since.stream().mapToDouble(LoggedStep::loss).average().orElseThrow());
        entry.put("step", last.step());
        return entry;
    }

    private Map<String, Object> evaluated(LoggedEvaluation evaluation) {
        var entry = new LinkedHashMap<String, Object>();
        entry.put("epoch", plan.passesAfter(evaluation.step()));
        entry.put("eval_accuracy", evaluation.accuracy());
        entry.put("eval_kappa", evaluation.kappa());
        entry.put("eval_macro_f1", evaluation.macroF1());
        entry.put("eval_samples", evaluation.samples());
        entry.put("eval_unreadable", evaluation.unreadable());
        entry.put("step", evaluation.step());
        return entry;
    }

    /** Steps as transformers writes them: of an interval of passes or of none, its own default. */
    private static int interval(Interval interval) {
        return interval.steps() > 0 ? interval.steps() : 500;
    }

    private static String path(Path path) {
        return path.toString().replace('\\', '/');
    }
}
