package org.eegvlm.tensor;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.eegvlm.tensor.PickleValue.Global;

/** Writes the pickle of a flat state dict, as {@code torch.save} does, with storage n for the n-th tensor. */
final class PickleWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private PickleWriter() {}

    /** @throws IllegalArgumentException if torch zips hold no tensors of a type here */
    static byte[] stateDict(Map<String, TensorSpec> tensors) {
        var writer = new PickleWriter();
        writer.opcodes(0x80, 2, '}', '(');
        int key = 0;
        for (var tensor : tensors.entrySet()) {
            writer.text(tensor.getKey());
            writer.tensor(tensor.getValue(), Integer.toString(key++));
        }
        writer.opcodes('u', '.');
        return writer.out.toByteArray();
    }

    /** {@code _rebuild_tensor_v2(storage, 0, size, stride, False, OrderedDict())}. */
    private void tensor(TensorSpec spec, String key) {
        var storage = Global.storageOf(ElementType.of(spec.dtype()))
                .orElseThrow(() -> new IllegalArgumentException("a torch zip holds no " + spec.dtype()));
        long[] shape = spec.shape();
        global(Global.REBUILD_TENSOR);
        opcodes('(', '(');
        text("storage");
        global(storage);
        text(key);
        text("cpu");
        number(spec.bytes() / ElementType.of(spec.dtype()).width());
        opcodes('t', 'Q');
        number(0);
        tuple(shape);
        tuple(Shapes.strides(shape));
        opcodes(0x89);
        global(Global.ORDERED_DICT);
        opcodes(')', 'R', 't', 'R');
    }

    private void tuple(long[] numbers) {
        opcodes('(');
        for (long number : numbers) {
            number(number);
        }
        opcodes('t');
    }

    private void global(Global global) {
        opcodes('c');
        out.writeBytes((global.module() + "\n" + global.word() + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void text(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        opcodes('X');
        out.writeBytes(littleEndian(Integer.BYTES).putInt(bytes.length).array());
        out.writeBytes(bytes);
    }

    private void number(long number) {
        if (number <= Integer.MAX_VALUE) {
            opcodes('J');
            out.writeBytes(littleEndian(Integer.BYTES).putInt((int) number).array());
        } else {
            opcodes(0x8a, Long.BYTES);
            out.writeBytes(littleEndian(Long.BYTES).putLong(number).array());
        }
    }

    private void opcodes(int... opcodes) {
        for (int opcode : opcodes) {
            out.write(opcode);
        }
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
