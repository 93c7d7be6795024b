package org.eegvlm.cli;

import java.util.List;
import org.eegvlm.llama.GenerationOptions;
import picocli.CommandLine.Option;

/** How answers are written, for every command that asks. */
final class GenerationFlags {

    @Option(
            names = "--max-new-tokens",
            defaultValue = "128",
            description = "Where an answer is cut (${DEFAULT-VALUE}).")
    private int maxNewTokens;

    @Option(
            names = "--temperature",
            defaultValue = "0",
            description = "0: the likeliest token, always; above, tokens are drawn (${DEFAULT-VALUE}).")
    private double temperature;

    @Option(
            names = "--top-k",
            defaultValue = "0",
            description = "Draw from so many likeliest tokens; 0: from all (${DEFAULT-VALUE}).")
    private int topK;

    @Option(
            names = "--top-p",
            defaultValue = "1",
            description = "Draw from the likeliest tokens that hold this share (${DEFAULT-VALUE}).")
    private double topP;

    @Option(
            names = "--num-beams",
            defaultValue = "1",
            description = "Sequences followed at once, without a temperature (${DEFAULT-VALUE}).")
    private int beams;

    @Option(names = "--stop", paramLabel = "TEXT", description = "Ends an answer, and is no part of it; repeatable.")
    private List<String> stops = List.of();

    GenerationOptions options(long seed) {
        return new GenerationOptions(maxNewTokens, temperature, topK, topP, beams, stops, seed);
    }

    /** No flag is without effect in silence. */
    void noteWhatIsInVain(Terminal terminal) {
        if (temperature == 0 && (topK != 0 || topP != 1)) {
            terminal.note("--top-k and --top-p change nothing at temperature 0: the likeliest token is taken");
        }
    }
}
