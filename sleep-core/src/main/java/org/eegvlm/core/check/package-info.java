/**
 * Whether a data folder and what was made of it keep evaluation out of training.
 *
 * <pre>{@code
 * var report = new LeakageCheck(CheckConfig.of(Path.of("sleep_data/epochs.jsonl")), Progress.SILENT).run();
 * report.problems(); // subject SIM403 is in two splits, …
 * }</pre>
 */
@NullMarked
package org.eegvlm.core.check;

import org.jspecify.annotations.NullMarked;
