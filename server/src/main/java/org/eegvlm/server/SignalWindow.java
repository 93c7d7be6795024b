package org.eegvlm.server;

import com.fasterxml.jackson.databind.JsonNode;
import org.eegvlm.core.Channel;

/**
 * Samples that a client sent, in microvolts.
 *
 * @param microvolts one array a channel
 */
record SignalWindow(float[][] microvolts, double rateHz) {

    private static final double HIGHEST_RATE_HZ = 20_000;

    /** Checks sizes and numbers before anything is drawn. */
    static SignalWindow of(AnswerRequest.Window window, int mostSamples) {
        if (!(window.rateHz() > 0 && window.rateHz() <= HIGHEST_RATE_HZ)) {
            throw Refusal.unfit("rate_hz must be in (0, 20000], was " + window.rateHz());
        }
        var samples = window.samples();
        if (samples == null || !samples.isArray() || samples.isEmpty()) {
            throw Refusal.unfit("samples must be an array of numbers, or of such arrays");
        }
        double factor = microvoltsPer(window.unit());
        boolean oneChannel = !samples.get(0).isArray();
        refuseTooMany(samples, oneChannel, mostSamples);
        if (oneChannel) {
            return new SignalWindow(new float[][] {channel(samples, factor)}, window.rateHz());
        }
        var channels = new float[samples.size()][];
        for (int i = 0; i < channels.length; i++) {
            channels[i] = channel(samples.get(i), factor);
        }
        return new SignalWindow(channels, window.rateHz());
    }

    private static double microvoltsPer(String unit) {
        if (unit == null) {
            throw Refusal.unfit("window needs a unit: uV, mV or V");
        }
        return Channel.microvoltsPer(unit).orElseThrow(() -> Refusal.unfit("unknown unit; use uV, mV or V"));
    }

    private static void refuseTooMany(JsonNode samples, boolean oneChannel, int most) {
        long count = samples.size();
        if (!oneChannel) {
            count = 0;
            for (var channel : samples) {
                count += channel.size();
            }
        }
        if (count > most) {
            throw Refusal.tooLarge("%d samples; at most %d are taken".formatted(count, most));
        }
    }

    private static float[] channel(JsonNode values, double factor) {
        if (!values.isArray()) {
            throw Refusal.unfit("samples must be an array of numbers, or of such arrays");
        }
        var microvolts = new float[values.size()];
        for (int i = 0; i < microvolts.length; i++) {
            var value = values.get(i);
            microvolts[i] = value.isNumber() ? (float) (value.doubleValue() * factor) : Float.NaN;
            if (!Float.isFinite(microvolts[i])) {
                throw Refusal.unfit("sample %d is not a finite number".formatted(i));
            }
        }
        return microvolts;
    }
}
