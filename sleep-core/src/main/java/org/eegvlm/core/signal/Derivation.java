package org.eegvlm.core.signal;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Channel;
import org.eegvlm.core.Recording;
import org.eegvlm.core.UnknownChannelException;

/**
 * One signal that is wanted of a recording: a channel as it was recorded, or measured against another electrode, or
 * against the mean of several.
 *
 * @param reference what is taken off; nothing where the channel is wanted as it was recorded
 */
public record Derivation(Channel channel, List<Channel> reference) {

    public Derivation {
        reference = List.copyOf(reference);
        for (var other : reference) {
            require(
                    other.samplingRateHz() == channel.samplingRateHz(),
                    "'%s' has %s Hz and '%s' %s Hz; only channels of one rate can be taken off each other",
                    channel.label(),
                    channel.samplingRateHz(),
                    other.label(),
                    other.samplingRateHz());
        }
    }

    /**
     * Finds what a text means in a recording: {@code C3}, {@code C3-A2}, or {@code C3-(A1+A2)}, which is C3 less the mean
     * of the two. A channel is named as {@link ChannelNames} tells; a channel that has the whole text for its name comes
     * before a difference of two.
     *
     * @throws UnknownChannelException if it means nothing there; the message lists the channels that are there
     * @throws IllegalArgumentException if it could mean several things
     */
    public static Derivation in(Recording recording, String text) {
        var names = new ChannelNames(recording);
        var whole = names.find(text);
        if (whole.isPresent()) {
            return new Derivation(whole.get(), List.of());
        }
        var found = new ArrayList<Derivation>();
        for (int dash = text.indexOf('-'); dash >= 0; dash = text.indexOf('-', dash + 1)) {
            difference(names, text.substring(0, dash), text.substring(dash + 1)).ifPresent(found::add);
        }
        if (found.isEmpty()) {
            throw new UnknownChannelException(recording, text);
        }
        require(found.size() == 1, "%s: '%s' can be read in several ways; name whole labels", recording.name(), text);
        return found.get(0);
    }

    /** Writes {@code A-B}, or {@code A-(B+C)}; the plain channel where there is no reference. */
    public static String text(String channel, List<String> reference) {
        return switch (reference.size()) {
            case 0 -> channel;
            case 1 -> channel + "-" + reference.get(0);
            default -> channel + "-(" + String.join("+", reference) + ")";
        };
    }

    public double rateHz() {
        return channel.samplingRateHz();
    }

    /** How many samples all its channels have. */
    public long samples() {
        return reference.stream().mapToLong(Channel::samples).reduce(channel.samples(), Math::min);
    }

    /**
     * Samples of the signal, as {@link Recording#microvolts} reads them.
     *
     * @return {@code count} values in microvolts
     */
    public float[] microvolts(Recording recording, long first, int count) throws IOException {
        var values = recording.microvolts(channel, first, count);
        for (var other : reference) {
            var less = recording.microvolts(other, first, count);
            for (int i = 0; i < count; i++) {
                values[i] -= less[i] / reference.size();
            }
        }
        return values;
    }

    private static Optional<Derivation> difference(ChannelNames names, String channel, String reference) {
        var inner = reference.strip();
        boolean several = inner.startsWith("(") && inner.endsWith(")");
        var labels =
                several ? Arrays.asList(inner.substring(1, inner.length() - 1).split("\\+")) : List.of(inner);
        var found = labels.stream().map(names::find).flatMap(Optional::stream).toList();
        return found.size() < labels.size()
                ? Optional.empty()
                : names.find(channel).map(from -> new Derivation(from, found));
    }
}
