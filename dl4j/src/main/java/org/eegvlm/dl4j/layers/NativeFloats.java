package org.eegvlm.dl4j.layers;

import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/**
 * The numbers of an array in native memory, in C order.
 *
 * @param array whose memory it is: collected, it would free it
 */
public record NativeFloats(INDArray array, FloatBuffer buffer) {

    /** What is written reaches the array only if it lies in C order without gaps; else this is of a copy. */
    public static NativeFloats of(INDArray array) {
        var straight = Shape.hasDefaultStridesForShape(array) ? array : array.dup('c');
        int start = Math.toIntExact(straight.offset());
        var buffer = straight.data()
                .asNio()
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer()
                .slice(start, Math.toIntExact(straight.length()));
        return new NativeFloats(straight, buffer);
    }

    public float[] read(int start, int count) {
        var values = new float[count];
        buffer.get(start, values);
        Reference.reachabilityFence(array);
        return values;
    }

    public void write(int start, float[] values) {
        buffer.put(start, values);
        Reference.reachabilityFence(array);
    }
}
