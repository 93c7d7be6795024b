package org.eegvlm.llava;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How questions and answers become one text: LLaVA's prompt templates.
 *
 * <p>A model answers well only to the template it was trained with; the model card keeps its name.
 */
public enum Conversation {
    /** Vicuna's: what LLaVA-1.5 was trained with, {@code --version v1}. */
    V1("v1", system("user")),
    /** The default of LLaVA's {@code model_vqa}; says "human" where {@link #V1} says "user". */
    LLAVA_V1("llava_v1", system("human")),
    /** Picture, then caption, nothing else: for pretraining the projector. */
    PLAIN("plain", "");

    /** Stands in text where a picture goes. */
    public static final String IMAGE = "<image>";

    private final String label;
    private final String system;

    Conversation(String label, String system) {
        this.label = label;
        this.system = system;
    }

    /** The template of a name in LLaVA's spelling. */
    public static Conversation named(String name) {
        if (name.equals("vicuna_v1")) {
            return V1;
        }
        return Arrays.stream(values())
                .filter(conversation -> conversation.label.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown conversation '%s'; known are %s".formatted(name, labels())));
    }

    private static String labels() {
        return Arrays.stream(values()).map(Conversation::label).collect(Collectors.joining(", "));
    }

    /** The name in model cards and on the command line. */
    public String label() {
        return label;
    }

    /** What stands before the first question; nothing in {@link #PLAIN}. */
    String preamble() {
        return system;
    }

    /** A question, and its answer unless that is what is asked for. */
    record Round(String question, Optional<String> answer) {}

    /**
     * A part of the text.
     *
     * @param answer whether the model is to learn this part
     * @param ended whether the end-of-sequence token follows
     */
    record Segment(String text, boolean answer, boolean ended) {}

    /** The text of a whole conversation, as people would read it; {@code </s>} marks an end. */
    String text(List<Round> rounds) {
        return segments(rounds).stream()
                .map(segment -> (segment.answer() && this != PLAIN ? " " : "")
                        + segment.text()
                        + (segment.ended() ? "</s>" : ""))
                .collect(Collectors.joining());
    }

    /**
     * The conversation in parts, in order. The blank between {@code ASSISTANT:} and an answer is in neither part: the
     * tokenizer puts it in front of every text.
     */
    List<Segment> segments(List<Round> rounds) {
        var segments = new ArrayList<Segment>();
        for (var round : rounds) {
            var opening = segments.isEmpty() && this != PLAIN ? system + " " : "";
            segments.add(new Segment(opening + asked(round.question()), false, false));
            round.answer().ifPresent(answer -> segments.add(answered(answer)));
        }
        return segments;
    }

    private String asked(String question) {
        return this == PLAIN ? IMAGE.repeat(pictures(question)) : "USER: " + question + " ASSISTANT:";
    }

    private Segment answered(String answer) {
        return this == PLAIN ? new Segment(answer + "\n", true, false) : new Segment(answer, true, true);
    }

    /** How many pictures a text names. */
    static int pictures(String text) {
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

    private static String system(String person) {
        return "A chat between a curious " + person + " and an artificial intelligence assistant. The assistant gives "
                + "helpful, detailed, and polite answers to the " + person + "'s questions.";
    }
}
