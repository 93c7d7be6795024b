package org.eegvlm.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;

/**
 * The named tensors of one file, whatever its format. Opening reads what tells their names and places, never the tensors
 * themselves; no file handle stays open.
 */
public sealed interface TensorFile permits SafetensorsFile, TorchZip, Llama2cFile {

    Path path();

    /** All tensors, in the file's own order. */
    Map<String, TensorInfo> tensors();

    /** @throws IllegalArgumentException if there is no such tensor */
    default TensorInfo tensor(String name) {
        var info = tensors().get(name);
        if (info == null) {
            throw new IllegalArgumentException("%s has no tensor '%s'".formatted(path(), name));
        }
        return info;
    }

    /** In which steps the tensor's elements follow each other, from {@link TensorInfo#offset()} on. */
    default TensorView view(String name) {
        return TensorView.dense(tensor(name).shape());
    }

    /**
     * The tensor in C order, little-endian: mapped where it is one block in the file, else gathered.
     *
     * @throws IllegalArgumentException if there is no such tensor, or it is too large for one buffer
     */
    default ByteBuffer bytes(String name) throws IOException {
        var info = tensor(name);
        var view = view(name);
        int width = ElementType.of(info.dtype()).width();
        return view.isDense()
                ? FileBytes.map(path(), info.offset(), info.bytes())
                : view.gather(FileBytes.map(path(), info.offset(), view.span() * width), width);
    }

    /**
     * The tensor in C order, F16 and BF16 widened, F64 rounded.
     *
     * @throws IllegalArgumentException if there is no such tensor, or it holds whole numbers
     */
    default float[] floats(String name) throws IOException {
        var info = tensor(name);
        var type = ElementType.of(info.dtype());
        if (view(name).isDense()) {
            return FileBytes.floats(path(), info.offset(), info.elements(), type);
        }
        var bytes = bytes(name);
        var values = new float[Math.toIntExact(info.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = type.get(bytes);
        }
        return values;
    }
}
