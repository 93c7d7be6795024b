package org.eegvlm.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.eegvlm.core.data.ModelCard;
import org.eegvlm.llama.Ending;
import org.eegvlm.llava.AnswerOptions;
import org.eegvlm.llava.Answering;
import org.eegvlm.llava.Conversation;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.LlavaModel;
import org.eegvlm.llava.PictureSource;
import org.eegvlm.llava.RgbImage;
import org.eegvlm.llava.VqaRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "ask",
        description = "Asks a LLaVA about pictures, or a Llama without them; the answer is printed as it is written.",
        footer = {
            "%nExamples:",
            "  eegvlm ask --model-path models/llava-v1.5-7b --dtype bf16 --image epoch.png --question \"What is this?\"",
            "  eegvlm ask --model-path models/llama --temperature 0.7 --top-p 0.9 < questions.txt"
        })
final class AskCommand implements Callable<Integer> {

    @Mixin
    private Terminal terminal = new Terminal();

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Option(
            names = "--image",
            paramLabel = "FILE",
            description = "A picture; repeatable. Where a feature row takes the second's place, one is enough.")
    private List<Path> images = List.of();

    @Mixin
    private AskFeatures features = new AskFeatures();

    @Option(
            names = "--question",
            paramLabel = "TEXT",
            description = "What to ask; without it, every line of the input is a question of its own.")
    private Optional<String> question = Optional.empty();

    @Option(
            names = "--conv-mode",
            paramLabel = "TEMPLATE",
            description = "The prompt template (as trained; else llama_3 or v1, by the tokenizer).")
    private Optional<String> conversation = Optional.empty();

    @Mixin
    private GenerationFlags generation = new GenerationFlags();

    @Option(
            names = "--seed",
            defaultValue = "0",
            description = "Of what is drawn, and of the feature mode shuffle (${DEFAULT-VALUE}).")
    private long seed;

    @Override
    public Integer call() throws IOException {
        generation.noteWhatIsInVain(terminal);
        var pictures = new ArrayList<PictureSource>();
        for (var image : images) {
            pictures.add(RgbImage.read(image));
        }
        try (var opened = model.open()) {
            var options = options(opened);
            var row = row(opened, options.mode());
            try (var answering = opened.answering(options)) {
                return ask(
                        answering, text -> new VqaRequest("question", seen(pictures, options.mode(), text), row, text));
            }
        }
    }

    /** Of a second picture whose place a feature row takes, nothing is seen. */
    private static List<PictureSource> seen(List<PictureSource> pictures, FeatureMode mode, String question) {
        if (!mode.injects() || pictures.size() != 1) {
            return List.copyOf(pictures);
        }
        if (Conversation.pictures(question) == 1) {
            throw new IllegalArgumentException("the question names one %s, but in mode %s a feature row takes a second"
                            .formatted(Conversation.IMAGE, mode.label())
                    + " one's place: leave the tags out or write two");
        }
        return List.of(pictures.get(0), pictures.get(0));
    }

    private AnswerOptions options(LlavaModel opened) {
        var card = opened.card();
        var mode = features.mode(card.map(ModelCard::featureMode));
        return new AnswerOptions(opened.conversation(conversation), mode, generation.options(seed), Optional.empty());
    }

    private Optional<float[]> row(LlavaModel opened, FeatureMode mode) throws IOException {
        if (features.isEmpty()) {
            return Optional.empty();
        }
        if (images.isEmpty()) {
            throw new IllegalArgumentException("a feature row goes with a picture: name it by --image");
        }
        return Optional.of(features.row(mode, opened.config().visionWidth(), seed));
    }

    private int ask(Answering answering, Function<String, VqaRequest> asked) throws IOException {
        if (question.isPresent()) {
            return answer(answering, asked.apply(question.get()));
        }
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = next(lines); line.isPresent(); line = next(lines)) {
            int code = line.get().isBlank() ? ExitCode.GOOD : answer(answering, asked.apply(line.get()));
            if (code != ExitCode.GOOD) {
                return code;
            }
        }
        return ExitCode.GOOD;
    }

    private Optional<String> next(BufferedReader lines) throws IOException {
        if (Boolean.getBoolean("eegvlm.conversation")) { // set by the launcher where somebody types
            terminal.invite("> ");
        }
        return Optional.ofNullable(lines.readLine());
    }

    /** Ctrl-C ends the answer first, and its line; then the program. */
    private int answer(Answering answering, VqaRequest request) {
        try (var interruption = Interruption.watch()) {
            var printed = new PrintedAnswer(terminal.out(), interruption);
            var answer = answering.answers(List.of(request), printed).get(0);
            terminal.note("%s", printed.note(answer.ending()));
            return answer.ending() == Ending.CANCELLED ? ExitCode.INTERRUPTED : ExitCode.GOOD;
        }
    }
}
