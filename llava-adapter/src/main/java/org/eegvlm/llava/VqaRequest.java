package org.eegvlm.llava;

import java.util.List;
import java.util.Optional;
import org.eegvlm.core.data.Context;

/**
 * A question about pictures.
 *
 * @param pictures {@code [Image1, Image2]} where a feature row goes with it, which then takes the second's place
 * @param feature the vision module's row, standardised as in training
 * @param question without picture tags, or with exactly one a picture that nothing before it names
 * @param context what stands before it
 */
@SuppressWarnings("ArrayRecordComponent")
public record VqaRequest(
        String id, List<PictureSource> pictures, Optional<float[]> feature, String question, Context context) {

    public VqaRequest {
        pictures = List.copyOf(pictures);
    }

    /** One that nothing stands before. */
    public VqaRequest(String id, List<PictureSource> pictures, Optional<float[]> feature, String question) {
        this(id, pictures, feature, question, Context.NONE);
    }
}
