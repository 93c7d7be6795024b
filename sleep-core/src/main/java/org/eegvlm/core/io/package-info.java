/** How every step writes: JSON in one dialect, files that appear whole or not at all. */
@NullMarked
package org.eegvlm.core.io;

import org.jspecify.annotations.NullMarked;
