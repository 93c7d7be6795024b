/**
 * Asks a fine-tuned model about whole nights, and draws what it said.
 *
 * <pre>{@code
 * new VqaEvaluator(vqaConfig, progress).run();      // eeg_eval.jsonl -> eeg_answers.jsonl
 * new Prober(probeConfig).run(lines);               // questions -> logits.npy, token ids
 * new NightReport(reportConfig).run();              // eeg_answers.jsonl -> report.html
 * }</pre>
 */
@NullMarked
package org.eegvlm.eval;

import org.jspecify.annotations.NullMarked;
