package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eegvlm.finetune.config.Decay;
import org.eegvlm.finetune.config.FineTuneConfig;
import org.eegvlm.finetune.config.Interval;
import org.eegvlm.finetune.config.Parallelism;
import org.eegvlm.llama.Projection;
import org.eegvlm.llava.Conversation;
import org.eegvlm.llava.FeatureMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Each flag of {@code finetune}: what it does, and that the documents tell it. */
class FineTuneFlagsTest {

    private static final Pattern ROW = Pattern.compile("^\\| (`--[^|]*) \\|", Pattern.MULTILINE);
    private static final Pattern FLAG = Pattern.compile("`(--[a-z0-9_-]+)`");

    /** What these do is tested with what they do it to. */
    private static final Set<String> ELSEWHERE =
            Set.of("--help", "--config", "--deepspeed", "--dry-run", "--tower-cache", "--tower-cache-gib");

    @ParameterizedTest
    @MethodSource("effects")
    void actsInBothSpellings(String line, Function<FineTuneConfig, Object> effect, Object expected) {
        var words = line.split(" ");
        assertThat(effect.apply(config(words))).isEqualTo(expected);
        words[0] = words[0].replace('_', '-');
        assertThat(effect.apply(config(words))).isEqualTo(expected);
        assertThat(effect.apply(config())).isNotEqualTo(expected);
    }

    static Stream<Arguments> effects() {
        return Stream.of(files(), model(), optimizer(), batches(), memory(), watching())
                .flatMap(group -> group);
    }

    private static Stream<Arguments> files() {
        return Stream.of(
                effect("--model_name_or_path m", c -> c.paths().model(), Path.of("m")),
                effect("--data_path d/x.json", c -> c.paths().samples().data(), Path.of("d/x.json")),
                effect("--image_folder i", c -> c.paths().samples().images(), Path.of("i")),
                effect("--features f.npy", c -> c.paths().samples().features(), Optional.of(Path.of("f.npy"))),
                effect("--output_dir o", c -> c.paths().output(), Path.of("o")));
    }

    private static Stream<Arguments> model() {
        return Stream.of(
                effect("--version llava_v1", c -> c.input().conversation(), Conversation.LLAVA_V1),
                effect("--feature_mode token", c -> c.input().featureMode(), FeatureMode.TOKEN),
                effect("--model_max_length 4096", c -> c.input().maxLength(), 4096),
                effect("--vision_tower a/b", c -> c.input().claims().tower(), Optional.of("a/b")),
                effect("--mm_vision_select_layer -2", c -> c.input().claims().selectLayer(), Optional.of(-2)),
                effect("--image_aspect_ratio pad", c -> c.input().claims().aspectRatio(), Optional.of("pad")),
                effect("--lora_r 64", c -> c.lora().rank(), 64),
                effect("--lora_alpha 16", c -> c.lora().alpha(), 16.0),
                effect("--lora_dropout 0.1", c -> c.lora().dropout(), 0.1),
                effect(
                        "--lora_target_modules q_proj v_proj",
                        c -> c.lora().targets(),
                        Set.of(Projection.Q, Projection.V)),
                effect(
                        "--lora_target_modules q_proj,up_proj",
                        c -> c.lora().targets(),
                        Set.of(Projection.Q, Projection.UP)));
    }

    private static Stream<Arguments> optimizer() {
        return Stream.of(
                effect("--learning_rate 2e-4", c -> c.optimizer().learningRate(), 2e-4),
                effect("--mm_projector_lr 1e-5", c -> c.optimizer().projectorLearningRate(), 1e-5),
                effect("--weight_decay 0.1", c -> c.optimizer().adamW().weightDecay(), 0.1),
                effect("--adam_beta1 0.8", c -> c.optimizer().adamW().beta1(), 0.8),
                effect("--adam_beta2 0.95", c -> c.optimizer().adamW().beta2(), 0.95),
                effect("--adam_epsilon 1e-6", c -> c.optimizer().adamW().epsilon(), 1e-6),
                effect("--max_grad_norm 0", c -> c.optimizer().maxGradNorm(), 0.0),
                effect(
                        "--lr_scheduler_type linear",
                        c -> c.optimizer().schedule().decay(),
                        Decay.LINEAR),
                effect("--warmup_ratio 0.1", c -> c.optimizer().schedule().warmupRatio(), 0.1),
                effect("--warmup_steps 7", c -> c.optimizer().schedule().warmupSteps(), 7));
    }

    private static Stream<Arguments> batches() {
        return Stream.of(
                effect("--per_device_train_batch_size 8", c -> c.batch().size(), 8),
                effect("--gradient_accumulation_steps 4", c -> c.batch().accumulation(), 4),
                effect("--num_train_epochs 0.5", c -> c.batch().passes(), 0.5),
                effect("--max_steps 9", c -> c.batch().maxSteps(), Optional.of(9)),
                effect("--group_by_modality_length True", c -> c.batch().byModality(), true),
                effect("--group_by_modality_length", c -> c.batch().byModality(), true));
    }

    private static Stream<Arguments> memory() {
        return Stream.of(
                effect("--bf16 True", c -> c.precision().type().toString(), "bfloat16"),
                effect("--bits 4", c -> c.precision().fourBit(), true),
                effect("--gradient_checkpointing False", c -> c.precision().checkpointing(), false),
                effect("--device cuda:1", c -> c.execution().device(), "cuda:1"),
                effect(
                        "--parallel layers --device cuda:0,1",
                        c -> c.execution().parallelism(),
                        Optional.of(Parallelism.LAYERS)),
                effect("--seed 7", c -> c.execution().seed(), 7L),
                effect("--resume", c -> c.execution().start().mustResume(), true),
                effect(
                        "--resume_from_checkpoint True",
                        c -> c.execution().start().mustResume(),
                        true),
                effect(
                        "--resume_from_checkpoint o/checkpoint-3",
                        c -> c.execution().start().checkpoint(),
                        Optional.of(Path.of("o/checkpoint-3"))),
                effect("--adapter_name_or_path a", c -> c.execution().start().adapter(), Optional.of(Path.of("a"))),
                effect("--overwrite", c -> c.execution().overwrite(), true),
                effect("--overwrite_output_dir True", c -> c.execution().overwrite(), true));
    }

    private static Stream<Arguments> watching() {
        var data = " --eval_data_path v/e.json";
        return Stream.of(
                effect("--evaluation_strategy epoch" + data, c -> c.evaluation().interval(), Interval.PASS),
                effect("--eval_strategy steps" + data, c -> c.evaluation().interval(), Interval.ofSteps(50)),
                effect(
                        "--eval_steps 9 --eval_strategy steps" + data,
                        c -> c.evaluation().interval(),
                        Interval.ofSteps(9)),
                effect(
                        "--eval_data_path v/e.json",
                        c -> c.evaluation().samples().map(s -> s.data()),
                        Optional.of(Path.of("v/e.json"))),
                effect(
                        "--eval_image_folder i" + data,
                        c -> c.evaluation().samples().map(s -> s.images()),
                        Optional.of(Path.of("i"))),
                effect(
                        "--eval_features f" + data,
                        c -> c.evaluation().samples().flatMap(s -> s.features()),
                        Optional.of(Path.of("f"))),
                effect("--per_device_eval_batch_size 2", c -> c.evaluation().batchSize(), 2),
                effect(
                        "--early_stopping_patience 3 --eval_strategy epoch" + data,
                        c -> c.evaluation().patience(),
                        Optional.of(3)),
                effect("--save_strategy no", c -> c.saving().interval(), Interval.NEVER),
                effect("--save_steps 50000", c -> c.saving().interval(), Interval.ofSteps(50000)),
                effect("--save_total_limit 3", c -> c.saving().totalLimit(), Optional.of(3)),
                effect(
                        "--load_best_model_at_end True --eval_strategy epoch" + data,
                        c -> c.saving().best(),
                        true),
                effect("--logging_steps 10", c -> c.logging().steps(), 10),
                effect("--report_to none", c -> c.logging().tensorBoard(), false));
    }

    @Test
    void testsEveryFlag() {
        var tested = effects()
                .map(effect -> effect.get()[0].toString().split(" ")[0].replace('_', '-'))
                .collect(Collectors.toCollection(TreeSet::new));
        tested.addAll(ELSEWHERE);

        var acting = flags();
        Stream.of(StockFlag.values())
                .forEach(flag -> acting.remove(flag.underscored().replace('_', '-')));
        assertThat(tested)
                .containsAll(acting)
                .isSubsetOf(Stream.concat(acting.stream(), ELSEWHERE.stream()).toList());
    }

    @Test
    void tellsEveryFlagInTheDocuments() throws IOException {
        var told = ROW.matcher(Files.readString(Path.of("../docs/finetuning.md")))
                .results()
                .flatMap(row -> FLAG.matcher(row.group(1)).results())
                .map(flag -> flag.group(1).replace('_', '-'))
                .collect(Collectors.toCollection(TreeSet::new));

        var known = flags();
        known.remove("--help");
        assertThat(told).isEqualTo(known);
    }

    @ParameterizedTest
    @EnumSource(StockFlag.class)
    void tellsOfAFlagThatChangesNothing(StockFlag flag) {
        var allowed = flag.allowed().stream().findFirst();
        var command = parsed(flag.underscored(), allowed.orElse("anything"));

        var notes = StockFlag.notes(command.getParseResult());
        assertThat(notes).hasSize(allowed.isPresent() ? 0 : 1).allMatch(note -> note.startsWith(flag.underscored()));
        assertThat(command.<FineTuneCommand>getCommand().config(Optional.empty()))
                .isEqualTo(config());
    }

    @ParameterizedTest
    @CsvSource({
        "--lora_enable, False",
        "--mm_projector_type, linear",
        "--optim, adafactor",
        "--fp16, True",
        "--mm_use_im_start_end, True"
    })
    void refusesWhatAFlagMayNotSay(String flag, String value) {
        var parsed = parsed(flag, value).getParseResult();

        assertThatThrownBy(() -> StockFlag.notes(parsed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(flag + " " + value);
    }

    @ParameterizedTest
    @CsvSource({
        "--bits 8, 16 and 4",
        "--lora_target_modules lm_head, 'q_proj, k_proj'",
        "--lr_scheduler_type polynomial, constant_with_warmup",
        "--save_strategy often, 'no, steps or epoch'",
        "--evaluation_strategy steps, samples of its own",
        "--save_steps 0, positive number"
    })
    void refusesWithOneLine(String line, String words) {
        assertThatThrownBy(() -> config(line.split(" ")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }

    private static Arguments effect(String line, Function<FineTuneConfig, Object> effect, Object expected) {
        return arguments(line, effect, expected);
    }

    private static TreeSet<String> flags() {
        return new CommandLine(new FineTuneCommand())
                .getCommandSpec().options().stream()
                        .flatMap(option -> Arrays.stream(option.names()))
                        .filter(name -> name.startsWith("--"))
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static CommandLine parsed(String... arguments) {
        var command = new CommandLine(new FineTuneCommand());
        command.parseArgs(FlagSpelling.withDashes(arguments));
        return command;
    }

    private static FineTuneConfig config(String... arguments) {
        return parsed(arguments).<FineTuneCommand>getCommand().config(Optional.empty());
    }
}
