/** From answers to figures: stages read out of free text, confusion, kappa, per subject. */
@NullMarked
package org.eegvlm.core.score;

import org.jspecify.annotations.NullMarked;
