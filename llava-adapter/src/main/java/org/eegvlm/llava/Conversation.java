package org.eegvlm.llava;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eegvlm.tokenizer.LlamaTokenizer;

/**
 * How questions and answers become one text: LLaVA's prompt templates.
 *
 * <p>A model answers well only to the template it was trained with; the model card keeps its name. A {@code
 * chat_template} in a model's folder is a program in Jinja and is never run: these templates are all there are.
 */
public enum Conversation {
    /** Vicuna's: what LLaVA-1.5 was trained with, {@code --version v1}. */
    V1("v1", Template::vicuna, SystemTexts.chat("user")),
    /** The default of LLaVA's {@code model_vqa}; says "human" where {@link #V1} says "user". */
    LLAVA_V1("llava_v1", Template::vicuna, SystemTexts.chat("human")),
    /** Picture, then caption, nothing else: for pretraining the projector. */
    PLAIN("plain", system -> Template.plain(), ""),
    /** Llama 2 Chat's, with Meta's system text. */
    LLAMA_2("llama_2", Template::llama2, SystemTexts.META),
    /** Llama 2's, with LLaVA's system text. */
    LLAVA_LLAMA_2("llava_llama_2", Template::llama2, SystemTexts.VISION),
    /** Llama 3 Instruct's, without a system text. */
    LLAMA_3("llama_3", Template::llama3, ""),
    /** Llama 3's, with the system text of LLaVA-NeXT. */
    LLAVA_LLAMA_3("llava_llama_3", Template::llama3, SystemTexts.VISION),
    /** The text as it is, for a model that goes on with it and was never taught to chat. */
    RAW("raw", Template::raw, "");

    /** Stands in text where a picture goes. */
    public static final String IMAGE = "<image>";

    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final Function<String, Template> style;

    @SuppressWarnings("ImmutableEnumChecker") // a record of texts
    private final Template template;

    Conversation(String label, Function<String, Template> style, String system) {
        this.label = label;
        this.style = style;
        this.template = style.apply(system);
    }

    /** The template of a name in LLaVA's spelling; {@code llama-2} is taken for {@code llama_2}. */
    public static Conversation named(String name) {
        var spelled = name.replace('-', '_');
        if (spelled.equals("vicuna_v1")) {
            return V1;
        }
        return Arrays.stream(values())
                .filter(conversation -> conversation.label.equals(spelled))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown conversation '%s'; known are %s".formatted(name, labels())));
    }

    /** The likely template of a model that has no card: Llama 3's where its tokens are known, else {@link #V1}. */
    static Conversation likely(LlamaTokenizer tokenizer, boolean pictures) {
        if (LLAMA_3.template.specialTokens().stream()
                .allMatch(name -> tokenizer.token(name).isPresent())) {
            return pictures ? LLAVA_LLAMA_3 : LLAMA_3;
        }
        return V1;
    }

    private static String labels() {
        return Arrays.stream(values()).map(Conversation::label).collect(Collectors.joining(", "));
    }

    /** The name in model cards and on the command line. */
    public String label() {
        return label;
    }

    Template template() {
        return template;
    }

    /** @param system a text in place of the template's own */
    Template template(Optional<String> system) {
        return system.map(style).orElse(template);
    }

    /** A question, and its answer unless that is what is asked for. */
    record Round(String question, Optional<String> answer) {}

    /**
     * The text of a whole conversation, as people would read it; {@code <s>} and {@code </s>} stand for the tokenizer's
     * begin and end.
     */
    String text(List<Round> rounds) {
        return text(template, rounds);
    }

    /** @param template this one's, with the system text of a sample */
    String text(Template template, List<Round> rounds) {
        return IntStream.range(0, rounds.size())
                .mapToObj(i -> text(template, i == 0, rounds.get(i)))
                .collect(Collectors.joining());
    }

    private String text(Template template, boolean first, Round round) {
        var begin = template.beginsAgain() && !first ? Template.BEGIN : "";
        var answer = round.answer()
                .map(words -> answered(words) + template.end().orElse(""))
                .orElse("");
        return begin + asked(template, first, round.question()) + answer;
    }

    /** A question with all that stands around it, up to where the answer begins. */
    String asked(boolean first, String question) {
        return asked(template, first, question);
    }

    /** @param template this one's, with the system text of a sample */
    String asked(Template template, boolean first, String question) {
        if (this == PLAIN) {
            return IMAGE.repeat(pictures(question));
        }
        return (first ? template.opening() : template.reopening()) + said(question) + template.asked();
    }

    /** An answer with all that stands around it but the token that ends it. */
    String answered(String answer) {
        return template.beforeAnswer() + said(answer) + template.afterAnswer();
    }

    private String said(String text) {
        return template.strips() ? text.strip() : text;
    }

    /** How many pictures a text names. */
    public static int pictures(String text) {
        int count = 0;
        for (int at = text.indexOf(IMAGE); at >= 0; at = text.indexOf(IMAGE, at + IMAGE.length())) {
            count++;
        }
        return count;
    }

    /** The text with its picture tags in front, one a line, wherever they were. */
    static String tagsInFront(int pictures, String text) {
        return ((IMAGE + "\n").repeat(pictures) + text.replace(IMAGE, "").strip()).strip();
    }
}
