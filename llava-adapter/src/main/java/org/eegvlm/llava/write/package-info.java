/**
 * Model folders that are written: in another layout ({@link org.eegvlm.llava.write.ModelConversion}), with an adapter in the
 * weights ({@link org.eegvlm.llava.write.ModelMerge}), or small and from nothing ({@link
 * org.eegvlm.llava.write.NanoLlava}). What only reads models does not know this room.
 */
@NullMarked
package org.eegvlm.llava.write;

import org.jspecify.annotations.NullMarked;
