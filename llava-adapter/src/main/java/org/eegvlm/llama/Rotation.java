package org.eegvlm.llama;

/**
 * The rotary embedding of one position: dimensions j and j + head / 2 turn by one angle, as in transformers.
 *
 * @param cos [head / 2]
 * @param sin likewise
 */
@SuppressWarnings("ArrayRecordComponent")
record Rotation(float[] cos, float[] sin) {

    static Rotation of(long position, float[] frequencies) {
        var cos = new float[frequencies.length];
        var sin = new float[frequencies.length];
        for (int j = 0; j < frequencies.length; j++) {
            float angle = position * frequencies[j]; // rounded to fp32, as the reference does
            cos[j] = (float) Math.cos(angle);
            sin[j] = (float) Math.sin(angle);
        }
        return new Rotation(cos, sin);
    }

    /** Turns the heads of x, one behind the other, and multiplies them. */
    void turn(float[] x, int heads, float factor, float[] turned) {
        int half = cos.length;
        for (int head = 0; head < heads; head++) {
            int first = 2 * half * head;
            for (int j = 0; j < half; j++) {
                float a = x[first + j];
                float b = x[first + half + j];
                turned[first + j] = factor * (a * cos[j] - b * sin[j]);
                turned[first + half + j] = factor * (b * cos[j] + a * sin[j]);
            }
        }
    }
}
