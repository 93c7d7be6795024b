/**
 * The folder that a run writes: where it may begin ({@link org.eegvlm.finetune.output.RunStart}), what it tells as it goes
 * ({@link org.eegvlm.finetune.output.RunWatch}), and what it saves ({@link org.eegvlm.finetune.output.SavedRun}).
 */
@NullMarked
package org.eegvlm.finetune.output;

import org.jspecify.annotations.NullMarked;
