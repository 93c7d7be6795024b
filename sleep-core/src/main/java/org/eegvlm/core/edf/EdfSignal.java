package org.eegvlm.core.edf;

/**
 * One signal of an EDF file, as the header describes it.
 *
 * @param unit the physical dimension, such as {@code uV}
 * @param physicalMinimum what {@code digitalMinimum} stands for, in {@code unit}
 * @param physicalMaximum what {@code digitalMaximum} stands for, in {@code unit}
 * @param samplesPerRecord how many samples of this signal each data record holds
 */
public record EdfSignal(
        String label,
        String transducer,
        String unit,
        double physicalMinimum,
        double physicalMaximum,
        int digitalMinimum,
        int digitalMaximum,
        String prefilter,
        int samplesPerRecord) {

    /** Whether this signal holds text instead of samples. */
    public boolean isAnnotations() {
        return label.equals("EDF Annotations") || label.equals("BDF Annotations");
    }

    /** Whether the header's ranges tell what a digital value stands for. Either may run downwards. */
    public boolean isCalibrated() {
        return digitalMinimum != digitalMaximum && physicalMinimum != physicalMaximum;
    }

    /** Physical units per digital step. */
    double gain() {
        return (physicalMaximum - physicalMinimum) / ((double) digitalMaximum - digitalMinimum);
    }

    /** What a digital 0 stands for, in digital steps. */
    double offset() {
        return physicalMaximum / gain() - digitalMaximum;
    }

    /** The value a digital sample stands for, in {@code unit}; rounded as EDFlib and its kin round. */
    public double physical(int digital) {
        return (digital + offset()) * gain();
    }

    /** The same for many samples at once, {@code scale} times as large, into {@code values} from {@code at} on. */
    void physical(int[] digital, int length, double scale, float[] values, int at) {
        double offset = offset();
        double factor = gain() * scale;
        for (int i = 0; i < length; i++) {
            values[at + i] = (float) ((digital[i] + offset) * factor);
        }
    }

    /** The digital sample nearest to a value; values beyond the range are clipped, as an amplifier does. */
    public int digital(double physical) {
        long nearest = Math.round(physical / gain() - offset());
        int least = Math.min(digitalMinimum, digitalMaximum);
        return (int) Math.max(least, Math.min(Math.max(digitalMinimum, digitalMaximum), nearest));
    }
}
