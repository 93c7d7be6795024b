/** What is wanted of a run: {@link org.eegvlm.finetune.config.FineTuneConfig}, and its parts, one a concern. */
@NullMarked
package org.eegvlm.finetune.config;

import org.jspecify.annotations.NullMarked;
