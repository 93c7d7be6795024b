package org.eegvlm.core.manifest;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who is to be in which split of which data folder. */
public sealed interface SplitPlan {

    /** The name that stands for the output folder itself, where there is only one. */
    String HERE = ".";

    /**
     * The splits of all subjects, by the name of the data folder that has them.
     *
     * @throws IllegalArgumentException if the subjects are too few, or one that is named is not among them
     */
    Map<String, Map<String, Split>> of(Collection<String> subjects);

    /** Some subjects drawn for evaluation. */
    record HoldOut(SubjectSplit split) implements SplitPlan {
        @Override
        public Map<String, Map<String, Split>> of(Collection<String> subjects) {
            return Map.of(HERE, split.assign(subjects));
        }
    }

    /** These subjects for evaluation; the validation subjects are drawn among the others. */
    record Named(List<String> eval, int validationSubjects, long seed) implements SplitPlan {
        public Named {
            eval = List.copyOf(eval);
        }

        @Override
        public Map<String, Map<String, Split>> of(Collection<String> subjects) {
            return Map.of(HERE, SubjectSplit.evaluating(eval, subjects, validationSubjects, seed));
        }
    }

    /** Cross-validation: a folder for each fold, {@code fold-1} and on, in which the fold's subjects are evaluated. */
    record Folds(int count, int validationSubjects, long seed) implements SplitPlan {
        @Override
        public Map<String, Map<String, Split>> of(Collection<String> subjects) {
            return each(SubjectFolds.of(subjects, count, seed), subjects, validationSubjects, seed);
        }
    }

    /** The same with a fold for each subject, by name. */
    record LeaveOneOut(int validationSubjects, long seed) implements SplitPlan {
        @Override
        public Map<String, Map<String, Split>> of(Collection<String> subjects) {
            return each(SubjectFolds.leaveOneOut(subjects), subjects, validationSubjects, seed);
        }
    }

    private static Map<String, Map<String, Split>> each(
            SubjectFolds folds, Collection<String> subjects, int validationSubjects, long seed) {
        var splits = new LinkedHashMap<String, Map<String, Split>>();
        for (int fold = 0; fold < folds.size(); fold++) {
            splits.put(
                    "fold-" + (fold + 1),
                    SubjectSplit.evaluating(folds.subjects(fold), subjects, validationSubjects, seed));
        }
        return splits;
    }
}
