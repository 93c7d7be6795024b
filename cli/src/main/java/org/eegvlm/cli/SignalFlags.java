package org.eegvlm.cli;

import java.util.List;
import java.util.Optional;
import org.eegvlm.core.signal.Conditioning;
import org.eegvlm.core.signal.Derivation;
import org.eegvlm.vision.render.RenderSpec;
import picocli.CommandLine.Option;

/** Which signals are drawn, and what is done to them before. */
final class SignalFlags {

    @Option(
            names = "--channels",
            split = ",",
            paramLabel = "LABEL",
            description = "Signals to draw, separated by commas: labels, patterns such as *Fpz*, or differences "
                    + "such as C3-A2 (EEG Fpz-Cz).")
    private List<String> channels = RenderSpec.DEFAULT.channels();

    @Option(
            names = "--reference",
            split = ",",
            paramLabel = "LABEL",
            description = "Measure every signal against this channel, or against the mean of these.")
    private List<String> reference = List.of();

    @Option(names = "--high-pass", paramLabel = "HZ", description = "Take out what is slower (nothing).")
    private Optional<Double> highPass = Optional.empty();

    @Option(names = "--low-pass", paramLabel = "HZ", description = "Take out what is faster (nothing).")
    private Optional<Double> lowPass = Optional.empty();

    @Option(
            names = "--filter-order",
            paramLabel = "N",
            defaultValue = "" + Conditioning.DEFAULT_ORDER,
            description = "Order of these two, Butterworth, forwards and backwards (${DEFAULT-VALUE}).")
    private int order;

    @Option(names = "--notch", split = ",", paramLabel = "HZ", description = "Take out the mains, such as 50,100.")
    private List<Double> notch = List.of();

    @Option(names = "--resample", paramLabel = "HZ", description = "Change the sampling rate (as recorded).")
    private Optional<Double> resample = Optional.empty();

    List<String> derivations() {
        return channels.stream()
                .map(channel -> Derivation.text(channel, reference))
                .toList();
    }

    Conditioning conditioning() {
        return new Conditioning(highPass, lowPass, order, notch, resample);
    }
}
