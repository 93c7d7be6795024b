package org.eegvlm.vision.render;

import java.util.Map;
import org.eegvlm.core.manifest.Split;

/**
 * What was rendered.
 *
 * @param unscored epochs of scored nights that nobody scored: they have no picture
 * @param bySplit how many pictures each split has
 */
public record RenderReport(int nights, int pictures, int unscored, Map<Split, Integer> bySplit) {

    public RenderReport {
        bySplit = Map.copyOf(bySplit);
    }
}
