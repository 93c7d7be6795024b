package org.eegvlm.core.night;

import static org.eegvlm.core.Preconditions.require;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eegvlm.core.Glob;

/**
 * Which of many nights are wanted.
 *
 * @param study only those of one study of Sleep-EDF, by the start of their names
 * @param patterns only those whose name fits one of these, where there are any: {@code *} stands for any letters,
 *     {@code ?} for one
 * @param most only the first so many, by name; 0 for all
 */
public record NightChoice(Optional<SleepEdf.Study> study, List<String> patterns, int most) {

    public static final NightChoice ALL = new NightChoice(Optional.empty(), List.of(), 0);

    public NightChoice {
        require(most >= 0, "the number of files must not be negative, was %d; 0 is no limit", most);
        patterns = List.copyOf(patterns);
    }

    /**
     * The wanted ones, in their order.
     *
     * @param name what a night is called, {@code SC4001}
     * @throws IllegalArgumentException if there is none
     */
    public <T> List<T> among(List<T> nights, Function<T, String> name) {
        var wanted = nights.stream()
                .filter(night -> accepts(name.apply(night)))
                .limit(most == 0 ? Long.MAX_VALUE : most)
                .toList();
        if (wanted.isEmpty()) {
            var lost = patterns.stream()
                    .map(SleepEdf::whyMissing)
                    .flatMap(Optional::stream)
                    .findFirst();
            throw new IllegalArgumentException(lost.orElse("none of the %d nights is wanted; they are called %s"
                    .formatted(nights.size(), some(nights, name))));
        }
        return wanted;
    }

    private static <T> String some(List<T> nights, Function<T, String> name) {
        return nights.stream().limit(3).map(name).collect(Collectors.joining(", ")) + (nights.size() > 3 ? ", …" : "");
    }

    private boolean accepts(String night) {
        var upper = night.toUpperCase(Locale.ROOT);
        return study.filter(wanted -> !upper.startsWith(wanted.name())).isEmpty()
                && (patterns.isEmpty()
                        || patterns.stream()
                                .anyMatch(pattern ->
                                        Glob.of(pattern).matcher(night).matches()));
    }
}
