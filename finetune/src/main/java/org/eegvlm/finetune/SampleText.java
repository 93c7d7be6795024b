package org.eegvlm.finetune;

import java.util.ArrayList;
import java.util.List;
import org.eegvlm.finetune.data.TrainingData;
import org.eegvlm.llava.FeatureMode;
import org.eegvlm.llava.TokenizedSample;
import org.eegvlm.tokenizer.LlamaTokenizer;

/** A sample as the model reads it, for the eye: {@code ⟦what is to be learnt⟧}, {@code [pictures]}, ✂ where it is cut. */
final class SampleText {

    private static final int LONGEST = 400;

    private final LlamaTokenizer tokenizer;
    private final FeatureMode mode;
    private final TrainingData.Limits limits;
    private final StringBuilder text = new StringBuilder();
    private final List<Integer> run = new ArrayList<>();
    private boolean learnt;
    private int pictures;

    private SampleText(LlamaTokenizer tokenizer, FeatureMode mode, TrainingData.Limits limits) {
        this.tokenizer = tokenizer;
        this.mode = mode;
        this.limits = limits;
    }

    static String of(int sample, TrainingData data, LlamaTokenizer tokenizer) {
        return new SampleText(tokenizer, data.mode(), data.limits())
                .read(data.tokens().get(sample));
    }

    private String read(TokenizedSample sample) {
        int position = 0;
        for (int i = 0; i < sample.ids().length; i++) {
            if (position >= limits.maxLength()) {
                end();
                return text.append(" ✂").toString();
            }
            boolean toLearn = sample.labels()[i] != TokenizedSample.IGNORED;
            if (sample.ids()[i] == TokenizedSample.IMAGE || toLearn != learnt) {
                end();
                learnt = toLearn;
            }
            if (sample.ids()[i] == TokenizedSample.IMAGE) {
                position += picture();
            } else {
                run.add(sample.ids()[i]);
                position++;
            }
        }
        end();
        return text.toString();
    }

    /** @return how many positions it takes */
    private int picture() {
        boolean row = mode.injects() && pictures++ % 2 == 1;
        int rows = row && !mode.fuses() ? 1 : limits.patches();
        text.append(row ? "[feature row, %s: %d]".formatted(mode.label(), rows) : "[picture: %d]".formatted(rows));
        return rows;
    }

    private void end() {
        if (run.isEmpty()) {
            return;
        }
        var words = tokenizer.decode(run.stream().mapToInt(Integer::intValue).toArray());
        boolean ends = run.get(run.size() - 1) == tokenizer.eos();
        var shown = elided(words) + (ends ? "</s>" : "");
        text.append(learnt ? "⟦" + shown + "⟧" : shown);
        run.clear();
    }

    private static String elided(String words) {
        return words.length() <= LONGEST
                ? words
                : words.substring(0, LONGEST / 2) + " … " + words.substring(words.length() - LONGEST / 2);
    }
}
