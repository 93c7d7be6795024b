package org.eegvlm.llava;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.eegvlm.kernels.Kernels;

/** Puts projected pictures and feature rows where a {@link SpliceLayout} wants them. */
final class Splicer {

    private final Kernels kernels;
    private final Projector projector;

    Splicer(Kernels kernels, Projector projector) {
        this.kernels = kernels;
        this.projector = projector;
    }

    /**
     * @param text [B, T, H]: embeddings of the layout's ids
     * @param pictures [N, P, W]
     * @param rows [S, W]
     * @return [B, T, H]
     */
    NDArray splice(SpliceLayout layout, NDArray text, NDArray pictures, NDArray rows) {
        requireFits(layout, pictures, rows);
        return kernels.tensor(
                "splice", text, integers(layout.source()), pictures, rows, under(layout), projector.parameters());
    }

    /** The gradients of the projector's tensors, in their order, for a gradient [B, T, H] of the spliced embeddings. */
    List<NDArray> gradients(SpliceLayout layout, NDArray gradient, NDArray pictures, NDArray rows) {
        requireFits(layout, pictures, rows);
        return kernels.tensors(
                "splice_vjp",
                gradient,
                integers(layout.source()),
                pictures,
                rows,
                under(layout),
                projector.parameters());
    }

    private NDArray integers(int[][] rows) {
        var flat =
                Arrays.stream(rows).flatMapToInt(Arrays::stream).asLongStream().toArray();
        return kernels.manager().create(flat, new Shape(rows.length, flat.length / Math.max(1, rows.length)));
    }

    private NDArray under(SpliceLayout layout) {
        var values = Arrays.stream(layout.under()).asLongStream().toArray();
        return kernels.tensor("integers", values, projector.parameters().get(0));
    }

    private static void requireFits(SpliceLayout layout, NDArray pictures, NDArray rows) {
        if (pictures.getShape().get(0) != layout.pictures().size()
                || rows.getShape().get(0) != layout.injected().size()) {
            throw new IllegalArgumentException("the layout needs %d pictures and %d feature rows, got %s and %s"
                    .formatted(
                            layout.pictures().size(), layout.injected().size(), pictures.getShape(), rows.getShape()));
        }
    }
}
