package org.eegvlm.core.data;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.MalformedDataException;
import org.jspecify.annotations.Nullable;

/**
 * A sample as it stands in a file, in any of three shapes: LLaVA's ({@code conversations}, {@code image}), ShareGPT's
 * (the same without pictures, its system text as a turn or a field), and EEG2LLM's ({@code instruction}, {@code input},
 * {@code output}, {@code system}, {@code history}).
 */
record SampleEntry(
        @Nullable String id,

        @JsonProperty("image") @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
        List<String> images,

        @Nullable List<Turn> conversations,
        @Nullable String instruction,
        @Nullable String input,
        @Nullable String output,
        @Nullable String system,
        @Nullable List<List<String>> history,
        Optional<String> subject,
        boolean simulated,
        Optional<Integer> featureIndex) {

    private static final String SYSTEM = "system";

    /**
     * @param file named in errors
     * @param number of the sample in it, from 0; its id where it has none
     */
    InstructionSample sample(Path file, int number) throws MalformedDataException {
        var name = id == null ? Integer.toString(number) : id;
        requireWhole(images, "image", file, name);
        requireWhole(conversations, "conversations", file, name);
        var turns = conversations == null ? asked(file, name) : conversations;
        var prelude = turns.stream().filter(turn -> turn.from().equals(SYSTEM)).findFirst();
        return new InstructionSample(
                name,
                images == null ? List.of() : images,
                turns.stream().filter(turn -> !turn.from().equals(SYSTEM)).toList(),
                Optional.ofNullable(system).or(() -> prelude.map(Turn::value)).filter(text -> !text.isBlank()),
                subject,
                simulated,
                featureIndex);
    }

    /** As LLaMA-Factory asks: the instruction, and on the next line the input. */
    private List<Turn> asked(Path file, String name) throws MalformedDataException {
        if (instruction == null || output == null) {
            throw new MalformedDataException(
                    file, "sample " + name, "has neither 'conversations' nor 'instruction' and 'output'");
        }
        var turns = new ArrayList<Turn>();
        for (var round : history == null ? List.<List<String>>of() : history) {
            if (round == null || round.size() != 2 || round.contains(null)) {
                throw new MalformedDataException(
                        file, "sample " + name, "a round of its history is a question and an answer");
            }
            turns.add(new Turn(Turn.HUMAN, round.get(0)));
            turns.add(new Turn(Turn.GPT, round.get(1)));
        }
        var question = input == null || input.isBlank() ? instruction : instruction + "\n" + input;
        turns.add(new Turn(Turn.HUMAN, question));
        turns.add(new Turn(Turn.GPT, output));
        return turns;
    }

    private static void requireWhole(@Nullable List<?> list, String key, Path file, String name)
            throws MalformedDataException {
        if (list != null && list.contains(null)) {
            throw new MalformedDataException(file, "sample " + name, "'%s' holds null".formatted(key));
        }
    }
}
