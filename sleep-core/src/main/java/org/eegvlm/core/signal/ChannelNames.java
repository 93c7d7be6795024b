package org.eegvlm.core.signal;

import static org.eegvlm.core.Preconditions.require;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eegvlm.core.Channel;
import org.eegvlm.core.Glob;
import org.eegvlm.core.Recording;

/**
 * Finds a recording's channels by what people call them:
 *
 * <ol>
 *   <li>by the label itself; spaces around it and letter case do not count;
 *   <li>by a pattern: {@code *} stands for any letters, {@code ?} for one;
 *   <li>by another name of the same electrode: with or without {@code EEG}, {@code EOG}, {@code EMG} or {@code ECG} before
 *       it and {@code -REF} or {@code -LE} behind it; T3, T4, T5, T6 are T7, T8, P7, P8 of the 10-10 system; the mastoids
 *       M1 and M2 go for the ears A1 and A2, as in polysomnography.
 * </ol>
 */
final class ChannelNames {

    private static final Set<String> KINDS = Set.of("EEG", "EOG", "EMG", "ECG");

    private final Recording recording;

    ChannelNames(Recording recording) {
        this.recording = recording;
    }

    /** A label without what does not tell electrodes apart; the kind is empty where the label has none. */
    private record Name(String kind, String electrodes) {

        static Name of(String label) {
            var words = label.strip().toUpperCase(Locale.ROOT).split("\\s+", 2);
            boolean hasKind = words.length == 2 && KINDS.contains(words[0]);
            var rest = (hasKind ? words[1] : String.join("", words)).replaceAll("\\s", "");
            var electrodes = Pattern.compile("-")
                    .splitAsStream(rest.replaceFirst("-(REF|LE)$", ""))
                    .map(Name::today)
                    .collect(Collectors.joining("-"));
            return new Name(hasKind ? words[0] : "", electrodes);
        }

        private static String today(String electrode) {
            return switch (electrode) {
                case "T3" -> "T7";
                case "T4" -> "T8";
                case "T5" -> "P7";
                case "T6" -> "P8";
                case "M1" -> "A1";
                case "M2" -> "A2";
                default -> electrode;
            };
        }

        boolean isAlso(Name other) {
            return electrodes.equals(other.electrodes)
                    && (kind.isEmpty() || other.kind.isEmpty() || kind.equals(other.kind));
        }
    }

    /**
     * The channel of this name, if there is one.
     *
     * @throws IllegalArgumentException if there are several
     */
    Optional<Channel> find(String name) {
        var wanted = name.strip();
        var exact = matching(channel -> channel.label().strip().equalsIgnoreCase(wanted));
        if (!exact.isEmpty()) {
            return only(exact, name);
        }
        if (wanted.contains("*") || wanted.contains("?")) {
            var pattern = Glob.of(wanted);
            return only(
                    matching(channel -> pattern.matcher(channel.label().strip()).matches()), name);
        }
        var alias = Name.of(wanted);
        return only(matching(channel -> Name.of(channel.label()).isAlso(alias)), name);
    }

    private List<Channel> matching(Predicate<Channel> condition) {
        return recording.channels().stream().filter(condition).toList();
    }

    private Optional<Channel> only(List<Channel> channels, String name) {
        require(
                channels.size() < 2,
                "%s has %d channels that '%s' can mean: %s; name one in full",
                recording.name(),
                channels.size(),
                name,
                channels.stream().map(Channel::label).collect(Collectors.joining(", ")));
        return channels.stream().findFirst();
    }
}
