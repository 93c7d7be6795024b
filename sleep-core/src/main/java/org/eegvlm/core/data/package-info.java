/** What the language model is taught and asked: samples, questions, and the rows of features that belong to them. */
@NullMarked
package org.eegvlm.core.data;

import org.jspecify.annotations.NullMarked;
