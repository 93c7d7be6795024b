package org.eegvlm.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a pickled state dict is made of, besides text, numbers, lists and dictionaries. */
sealed interface PickleValue {

    /** The names that a pickle may use; nothing else of Python's is ever looked up. */
    enum Global implements PickleValue {
        ORDERED_DICT("collections", "OrderedDict"),
        REBUILD_TENSOR("torch._utils", "_rebuild_tensor_v2"),
        REBUILD_PARAMETER("torch._utils", "_rebuild_parameter"),
        FLOAT_STORAGE("torch", "FloatStorage"),
        HALF_STORAGE("torch", "HalfStorage"),
        BFLOAT16_STORAGE("torch", "BFloat16Storage"),
        DOUBLE_STORAGE("torch", "DoubleStorage"),
        LONG_STORAGE("torch", "LongStorage"),
        INT_STORAGE("torch", "IntStorage"),
        SHORT_STORAGE("torch", "ShortStorage"),
        CHAR_STORAGE("torch", "CharStorage"),
        BOOL_STORAGE("torch", "BoolStorage"),
        BYTE_STORAGE("torch", "ByteStorage");

        private final String module;
        private final String word;

        Global(String module, String word) {
            this.module = module;
            this.word = word;
        }

        static Optional<Global> named(String module, String word) {
            return Arrays.stream(values())
                    .filter(global -> global.module.equals(module) && global.word.equals(word))
                    .findFirst();
        }

        /** The storage class of an element type, where it is written or read at all. */
        static Optional<Global> storageOf(ElementType type) {
            return Arrays.stream(values())
                    .filter(global -> global.elementType().equals(Optional.of(type)))
                    .findFirst();
        }

        /** What a storage class stores; empty for what is no storage class. */
        Optional<ElementType> elementType() {
            return switch (this) {
                case FLOAT_STORAGE -> Optional.of(ElementType.F32);
                case HALF_STORAGE -> Optional.of(ElementType.F16);
                case BFLOAT16_STORAGE -> Optional.of(ElementType.BF16);
                case DOUBLE_STORAGE -> Optional.of(ElementType.F64);
                case INT_STORAGE -> Optional.of(ElementType.I32);
                case SHORT_STORAGE -> Optional.of(ElementType.I16);
                case CHAR_STORAGE -> Optional.of(ElementType.I8);
                case BOOL_STORAGE -> Optional.of(ElementType.BOOL);
                case LONG_STORAGE -> Optional.of(ElementType.I64);
                case BYTE_STORAGE -> Optional.of(ElementType.U8);
                default -> Optional.empty();
            };
        }

        String module() {
            return module;
        }

        String word() {
            return word;
        }
    }

    /** Python's None. */
    enum None implements PickleValue {
        NONE
    }

    record Tuple(List<Object> items) implements PickleValue {}

    /** The persistent id {@code ('storage', class, key, device, elements)}. */
    record Storage(ElementType type, String key, long elements) implements PickleValue {}

    /** A view on a storage; offset and strides in elements. */
    record Tensor(Storage storage, long offset, long[] shape, long[] strides) implements PickleValue {}
}
