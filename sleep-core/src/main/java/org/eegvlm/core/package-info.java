/** The words of sleep: stages, hypnograms, recordings and their channels. Everything else builds on these. */
@NullMarked
package org.eegvlm.core;

import org.jspecify.annotations.NullMarked;
