package org.eegvlm.core.signal;

import static org.eegvlm.core.Preconditions.require;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is done to a signal before anybody looks at it: first the filters, forwards and backwards, then the change of
 * rate.
 *
 * @param highPassHz what is slower goes; together with {@code lowPassHz} it makes one band-pass
 * @param lowPassHz what is faster goes
 * @param order of the Butterworth filters
 * @param notchHz frequencies that are taken out, such as the mains' and its multiples
 * @param resampleHz the sampling rate afterwards
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Conditioning(
        Optional<Double> highPassHz,
        Optional<Double> lowPassHz,
        int order,
        List<Double> notchHz,
        Optional<Double> resampleHz) {

    /** The filters' order where none is given. */
    public static final int DEFAULT_ORDER = 4;

    /** Leaves every sample as it is. */
    public static final Conditioning NONE =
            new Conditioning(Optional.empty(), Optional.empty(), DEFAULT_ORDER, List.of(), Optional.empty());

    private static final double NOTCH_QUALITY = 30; // 50 Hz ± 0.8 Hz

    public Conditioning {
        notchHz = List.copyOf(notchHz);
        for (var hz : frequencies(highPassHz, lowPassHz, notchHz, resampleHz)) {
            require(hz > 0 && Double.isFinite(hz), "frequencies must be positive, one was %s Hz", hz);
        }
        require(
                highPassHz.isEmpty() || lowPassHz.isEmpty() || highPassHz.get() < lowPassHz.get(),
                "the high-pass edge must be below the low-pass edge, they were %s and %s Hz",
                highPassHz.orElse(0.0),
                lowPassHz.orElse(0.0));
        require(1 <= order && order <= 12, "filter order must be 1 to 12, was %d", order);
    }

    /** Whether samples stay as they are. */
    public boolean changesNothing() {
        return frequencies(highPassHz, lowPassHz, notchHz, resampleHz).isEmpty();
    }

    /**
     * Prepares it for signals of one sampling rate.
     *
     * @throws IllegalArgumentException if the rate is too low for a filter, or has no ratio to the new one
     */
    public Conditioner at(double rateHz) {
        var filters = new ArrayList<SecondOrderSections>();
        if (highPassHz.isPresent() && lowPassHz.isPresent()) {
            filters.add(Butterworth.bandPass(order, highPassHz.get(), lowPassHz.get(), rateHz));
        } else if (highPassHz.isPresent()) {
            filters.add(Butterworth.highPass(order, highPassHz.get(), rateHz));
        } else if (lowPassHz.isPresent()) {
            filters.add(Butterworth.lowPass(order, lowPassHz.get(), rateHz));
        }
        notchHz.forEach(hz -> filters.add(SecondOrderSections.notch(hz, NOTCH_QUALITY, rateHz)));
        return new Conditioner(filters, rateHz, resampleHz.orElse(rateHz));
    }

    private static List<Double> frequencies(
            Optional<Double> highPass, Optional<Double> lowPass, List<Double> notches, Optional<Double> rate) {
        var all = new ArrayList<>(notches);
        highPass.ifPresent(all::add);
        lowPass.ifPresent(all::add);
        rate.ifPresent(all::add);
        return all;
    }
}
