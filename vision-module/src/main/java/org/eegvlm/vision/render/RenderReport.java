package org.eegvlm.vision.render;

import java.util.List;
import java.util.Map;
import org.eegvlm.core.manifest.Split;

/**
 * What was rendered.
 *
 * @param unscored epochs of scored nights that nobody scored, and of any night that a gap falls into: they have no
 *     picture
 * @param bySplit how many pictures each split has
 * @param warnings what is odd about the recordings, a sentence each
 */
public record RenderReport(int nights, int pictures, int unscored, Map<Split, Integer> bySplit, List<String> warnings) {

    public RenderReport {
        warnings = List.copyOf(warnings);
        bySplit = Map.copyOf(bySplit);
    }
}
