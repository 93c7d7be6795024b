package org.eegvlm.tensor;

/** The two 16-bit floats, IEEE 754 binary16 and bfloat16, to and from float. Rounding is to nearest, ties to even. */
final class HalfPrecision {

    private static final int FLOAT_SIGN = 0x8000_0000;
    private static final int FLOAT_INFINITY = 0x7f80_0000;

    /** 2^−24, the smallest positive binary16: subnormals are whole multiples of it. */
    private static final float SMALLEST = 0x1p-24f;

    /** From here on values round to infinity: halfway between 65504, the largest, and 65536. */
    private static final float OVERFLOW = 65520f;

    private HalfPrecision() {}

    static float fromBfloat16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    static short toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40); // a quiet NaN stays one when its low bits go
        }
        int even = (bits >>> 16) & 1;
        return (short) ((bits + 0x7fff + even) >>> 16);
    }

    static float fromFloat16(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = (bits >>> 10) & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            return Math.copySign(fraction * SMALLEST, Float.intBitsToFloat(sign | 1));
        }
        int widened = exponent == 0x1f ? FLOAT_INFINITY : (exponent - 15 + 127) << 23;
        return Float.intBitsToFloat(sign | widened | (fraction << 13));
    }

    static short toFloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits & FLOAT_SIGN) >>> 16;
        float magnitude = Math.abs(value);
        if (Float.isNaN(value)) {
            return (short) (sign | 0x7e00 | ((bits >>> 13) & 0x3ff));
        }
        if (magnitude >= OVERFLOW) {
            return (short) (sign | 0x7c00);
        }
        if (magnitude < 0x1p-14f) {
            return (short) (sign | (int) Math.rint(magnitude / SMALLEST));
        }
        int even = (bits >>> 13) & 1;
        int rounded = ((bits & ~FLOAT_SIGN) + 0xfff + even) >>> 13;
        return (short) (sign | (rounded - ((127 - 15) << 10)));
    }
}
