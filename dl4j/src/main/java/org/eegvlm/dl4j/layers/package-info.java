/** Layers that Deeplearning4j lacks, or has, but slower or with other numbers than PyTorch's. */
@NullMarked
package org.eegvlm.dl4j.layers;

import org.jspecify.annotations.NullMarked;
