package org.eegvlm.llava;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.data.Context;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.core.data.Turn;
import org.eegvlm.tokenizer.LlamaTokenizer;

/**
 * From conversations to token ids, with one placeholder a picture and labels on what the assistant says.
 *
 * <p>The ids are LLaVA's: the text around each picture is tokenized by itself, and its begin token, if the tokenizer
 * puts one, is dropped but for the first. The labels begin at the first token that the answer makes different; LLaVA's
 * own code counts lengths instead and drops a sample where the counts differ.
 */
public final class PromptTokenizer {

    private static final Pattern TAG = Pattern.compile(Conversation.IMAGE, Pattern.LITERAL);

    private final LlamaTokenizer tokenizer;
    private final Conversation conversation;
    private final int begun; // how many tokens begin a text: one, or none in GPT-2's kin

    /** @throws IllegalArgumentException if the tokenizer has not the special tokens of the template */
    public PromptTokenizer(LlamaTokenizer tokenizer, Conversation conversation) {
        for (var name : conversation.template().specialTokens()) {
            if (tokenizer.token(name).isEmpty()) {
                throw new IllegalArgumentException(
                        "the conversation %s needs the token %s, which this tokenizer has not"
                                .formatted(conversation.label(), name));
            }
        }
        this.tokenizer = tokenizer;
        this.conversation = conversation;
        this.begun = tokenizer.encode("").length;
    }

    /** The token that ends an answer: the tokenizer's own end, or what the template has instead. */
    public int end() {
        return conversation
                .template()
                .end()
                .filter(name -> !name.equals(Template.END))
                .map(name -> tokenizer.token(name).orElseThrow())
                .orElse(tokenizer.eos());
    }

    /**
     * A sample to learn from. Turns before the first human one are skipped, as LLaVA does.
     *
     * @param file named in errors
     * @throws MalformedDataException naming the sample, if picture tags and pictures differ in number, turns do not
     *     alternate, or an answer is empty
     */
    public TokenizedSample sample(InstructionSample sample, Path file) throws MalformedDataException {
        try {
            return tokens(sample.id(), conversation.template(sample.system()), rounds(sample));
        } catch (IllegalArgumentException e) {
            throw new MalformedDataException(file, "sample " + sample.id(), String.valueOf(e.getMessage()));
        }
    }

    /** A question that nothing stands before. */
    public TokenizedSample prompt(String id, int pictures, String question) {
        return prompt(id, pictures, question, Context.NONE);
    }

    /**
     * A question to be answered; its labels are {@link TokenizedSample#IGNORED}. Tags are put in front where the text
     * has none.
     *
     * @param pictures of the whole conversation
     * @throws IllegalArgumentException naming the sample, if its texts have tags, but not one a picture
     */
    public TokenizedSample prompt(String id, int pictures, String question, Context context) {
        try {
            return tokens(id, conversation.template(context.system()), asked(pictures, question, context));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("sample %s: %s".formatted(id, e.getMessage()));
        }
    }

    /** What {@link #prompt} tokenizes, as text. */
    public String promptText(int pictures, String question, Context context) {
        return conversation.text(conversation.template(context.system()), asked(pictures, question, context));
    }

    /** The tokens of an answer's beginning, as they stand behind a prompt. */
    public int[] answerStart(String text) {
        var prompt = tokenizer.encode(answerBehindPrompt(""));
        var whole = tokenizer.encode(answerBehindPrompt(text));
        return Arrays.copyOfRange(whole, edge(prompt, whole), whole.length);
    }

    /** The tokens that turn {@code answerStart} into {@code answerStart + candidate}. */
    public int[] continuation(String answerStart, String candidate) {
        var start = tokenizer.encode(answerBehindPrompt(answerStart));
        var whole = tokenizer.encode(answerBehindPrompt(answerStart + candidate));
        if (whole.length <= start.length || edge(start, whole) < start.length) {
            throw new IllegalArgumentException("'%s' does not go on after '%s' at a token's edge; begin it with a blank"
                    .formatted(candidate, answerStart));
        }
        return Arrays.copyOfRange(whole, start.length, whole.length);
    }

    private String answerBehindPrompt(String start) {
        var prompt = conversation.asked(false, "");
        return start.isEmpty() ? prompt : prompt + conversation.template().beforeAnswer() + start;
    }

    /** Where two rows of tokens part. */
    private static int edge(int[] start, int[] whole) {
        int mismatch = Arrays.mismatch(start, whole);
        return mismatch < 0 ? whole.length : mismatch;
    }

    private static List<Conversation.Round> asked(int pictures, String question, Context context) {
        int before = tags(context.before());
        int own = Conversation.pictures(question);
        if (before > pictures || (own != 0 && before + own != pictures)) {
            throw new IllegalArgumentException(mismatch(before + own, pictures));
        }
        var rounds = new ArrayList<>(rounds(context.before()));
        var text = before == pictures ? question : Conversation.tagsInFront(pictures - before, question);
        rounds.add(new Conversation.Round(text, Optional.empty()));
        return rounds;
    }

    private static List<Conversation.Round> rounds(InstructionSample sample) {
        var turns = sample.conversations().stream()
                .dropWhile(turn -> !turn.from().equals(Turn.HUMAN))
                .toList();
        if (turns.isEmpty()) {
            throw new IllegalArgumentException("0 turns; human and gpt must alternate");
        }
        if (tags(turns) != sample.images().size()) {
            throw new IllegalArgumentException(
                    mismatch(tags(turns), sample.images().size()));
        }
        return rounds(turns);
    }

    private static int tags(List<Turn> turns) {
        return turns.stream()
                .mapToInt(turn -> Conversation.pictures(turn.value()))
                .sum();
    }

    private static List<Conversation.Round> rounds(List<Turn> turns) {
        if (turns.size() % 2 != 0) {
            throw new IllegalArgumentException(turns.size() + " turns; human and gpt must alternate");
        }
        return IntStream.range(0, turns.size() / 2)
                .mapToObj(i -> round(turns.get(2 * i), turns.get(2 * i + 1)))
                .toList();
    }

    private static Conversation.Round round(Turn human, Turn gpt) {
        if (!human.from().equals(Turn.HUMAN) || !gpt.from().equals(Turn.GPT)) {
            throw new IllegalArgumentException(
                    "'%s' follows '%s'; human and gpt must alternate".formatted(gpt.from(), human.from()));
        }
        if (gpt.value().isBlank() || gpt.value().contains(Conversation.IMAGE)) {
            throw new IllegalArgumentException("an answer is empty or holds a picture tag");
        }
        int tags = Conversation.pictures(human.value());
        var question = tags == 0 ? human.value() : Conversation.tagsInFront(tags, human.value());
        return new Conversation.Round(question, Optional.of(gpt.value()));
    }

    private static String mismatch(int tags, int pictures) {
        return "%d %s tags, but %d pictures".formatted(tags, Conversation.IMAGE, pictures);
    }

    private TokenizedSample tokens(String id, Template template, List<Conversation.Round> rounds) {
        var builder = new Builder();
        for (int i = 0; i < rounds.size(); i++) {
            if (i > 0 && conversation.template().beginsAgain()) {
                builder.add(new int[] {tokenizer.bos()}, false);
            }
            add(rounds.get(i), template, i == 0, builder);
        }
        return builder.sample(id);
    }

    private void add(Conversation.Round round, Template template, boolean first, Builder builder) {
        var question = conversation.asked(template, first, round.question());
        var asked = withPictures(question, first);
        if (round.answer().isEmpty()) {
            builder.add(asked, false);
            return;
        }
        var whole = withPictures(question + conversation.answered(round.answer().get()), first);
        int edge = edge(asked, whole);
        builder.add(Arrays.copyOf(whole, edge), false);
        builder.add(Arrays.copyOfRange(whole, edge, whole.length), true);
        if (conversation.template().end().isPresent()) {
            builder.add(new int[] {end()}, true);
        }
    }

    /** Every part around a tag is tokenized by itself, as if it began a text; the first keeps its begin token. */
    private int[] withPictures(String text, boolean first) {
        var ids = IntStream.builder();
        var parts = TAG.split(text, -1);
        for (int i = 0; i < parts.length; i++) {
            if (i > 0) {
                ids.add(TokenizedSample.IMAGE);
            }
            Arrays.stream(part(parts[i], i == 0, first)).forEach(ids::add);
        }
        return ids.build().toArray();
    }

    private int[] part(String text, boolean leading, boolean first) {
        if (leading && first) {
            return tokenizer.encode(text);
        }
        return leading ? tokenizer.encodeAfterSpecial(text) : withoutBegin(tokenizer.encode(text));
    }

    private int[] withoutBegin(int[] ids) {
        return Arrays.copyOfRange(ids, begun, ids.length);
    }

    /** Ids and labels that grow together. */
    private static final class Builder {
        private final List<int[]> parts = new ArrayList<>();
        private final List<Boolean> learnt = new ArrayList<>();

        void add(int[] ids, boolean learn) {
            parts.add(ids);
            learnt.add(learn);
        }

        TokenizedSample sample(String id) {
            var ids = parts.stream().flatMapToInt(Arrays::stream).toArray();
            var labels = IntStream.range(0, parts.size())
                    .flatMap(i ->
                            Arrays.stream(parts.get(i)).map(token -> learnt.get(i) ? token : TokenizedSample.IGNORED))
                    .toArray();
            return new TokenizedSample(id, ids, labels);
        }
    }
}
