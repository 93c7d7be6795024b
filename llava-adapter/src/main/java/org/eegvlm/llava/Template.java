package org.eegvlm.llava;

import java.util.List;
import java.util.Optional;

/**
 * The fixed texts between what people say, in the order in which they stand.
 *
 * @param opening before the first question
 * @param reopening before every later question
 * @param asked behind a question; here a prompt ends
 * @param beforeAnswer between that and the answer
 * @param afterAnswer between the answer and its end
 * @param end the token that ends an answer, if one does; {@link #END} is the tokenizer's own, whatever its name
 * @param beginsAgain whether the begin token stands before every later question
 */
record Template(
        String opening,
        String reopening,
        String asked,
        String beforeAnswer,
        String afterAnswer,
        Optional<String> end,
        boolean beginsAgain) {

    static final String BEGIN = "<s>";
    static final String END = "</s>";

    private static final String TURN_END = "<|eot_id|>";
    private static final String HEADER_START = "<|start_header_id|>";
    private static final String HEADER_END = "<|end_header_id|>";

    /** LLaVA's separator style {@code TWO}. */
    static Template vicuna(String system) {
        return new Template(system + " USER: ", "USER: ", " ASSISTANT:", " ", "", Optional.of(END), false);
    }

    /** LLaVA's separator style {@code LLAMA_2}: the system text stands inside the first instruction. */
    static Template llama2(String system) {
        var opening = "[INST] <<SYS>>\n" + system + "\n<</SYS>>\n\n";
        return new Template(opening, "[INST] ", " [/INST]", " ", " ", Optional.of(END), true);
    }

    /** What Meta's model card of Llama 3 describes; every part ends alike, and an empty system text is left out. */
    static Template llama3(String system) {
        var opening = system.isEmpty() ? "" : header("system") + system + TURN_END;
        var asked = TURN_END + header("assistant");
        return new Template(opening + header("user"), header("user"), asked, "", "", Optional.of(TURN_END), false);
    }

    /** LLaVA's separator style {@code PLAIN}: a caption, ended by its line. */
    static Template plain() {
        return new Template("", "", "", "", "\n", Optional.empty(), false);
    }

    /** Whether blanks and line ends around what people say are dropped, as Llama 3 has it. */
    boolean strips() {
        return end.filter(TURN_END::equals).isPresent();
    }

    /**
     * Nothing around the question: what a model that was never taught to chat goes on from. A system text stands before
     * the first, an empty line between them.
     */
    static Template raw(String system) {
        return new Template(system.isEmpty() ? "" : system + "\n\n", "", "", "", "", Optional.of(END), false);
    }

    /** The special tokens, other than begin and end, that a tokenizer must know. */
    List<String> specialTokens() {
        var all = opening + asked;
        return List.of(TURN_END, HEADER_START, HEADER_END).stream()
                .filter(all::contains)
                .toList();
    }

    private static String header(String role) {
        return HEADER_START + role + HEADER_END + "\n\n";
    }
}
