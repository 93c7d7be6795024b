/** The vision module's networks on DJL. Nothing outside this package sees a DJL type. */
@NullMarked
package org.eegvlm.vision.djl;

import org.jspecify.annotations.NullMarked;
