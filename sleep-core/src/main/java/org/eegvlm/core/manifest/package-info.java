/** The manifest: one row an epoch, with its truth, its split and its picture. Ground truth lives here and nowhere else. */
@NullMarked
package org.eegvlm.core.manifest;

import org.jspecify.annotations.NullMarked;
