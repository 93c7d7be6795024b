package org.eegvlm.core.manifest;

import static org.eegvlm.core.Preconditions.require;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Deals subjects out to the splits. The same subjects and seed always give the same splits, whatever the order in which
 * the subjects come.
 *
 * @param validationSubjects how many are for choosing among models; may be 0
 * @param evalSubjects how many are for the final figures; may be 0
 */
public record SubjectSplit(int validationSubjects, int evalSubjects, long seed) {

    public SubjectSplit {
        if (validationSubjects < 0 || evalSubjects < 0) {
            throw new IllegalArgumentException(
                    "a split cannot have %d subjects".formatted(Math.min(validationSubjects, evalSubjects)));
        }
    }

    /**
     * @param subjects may name a subject more than once, for several nights
     * @return the split of each subject, ordered by name
     * @throws IllegalArgumentException if no subject is left to train on
     */
    public Map<String, Split> assign(Collection<String> subjects) {
        var names = new TreeSet<>(subjects);
        if (names.size() <= validationSubjects + evalSubjects) {
            throw new IllegalArgumentException(
                    "%d subjects are too few: %d for validation and %d for evaluation leave none to train on"
                            .formatted(names.size(), validationSubjects, evalSubjects));
        }
        var drawn = DrawnOrder.of(names, seed);
        var splits = new LinkedHashMap<String, Split>();
        for (var name : names) {
            int place = drawn.indexOf(name);
            splits.put(
                    name,
                    place < evalSubjects
                            ? Split.EVAL
                            : place < evalSubjects + validationSubjects ? Split.VALIDATION : Split.TRAIN);
        }
        return splits;
    }

    /**
     * The splits in which the given subjects are evaluated, and as many of the others as wanted choose among models.
     *
     * @throws IllegalArgumentException if one is not among the subjects, or none is left to train on
     */
    static Map<String, Split> evaluating(
            Collection<String> evaluated, Collection<String> subjects, int validationSubjects, long seed) {
        var others = new TreeSet<>(subjects);
        for (var subject : evaluated) {
            require(others.contains(subject), "there is no subject %s; there are %s", subject, others);
        }
        others.removeAll(evaluated);
        var splits = new TreeMap<>(new SubjectSplit(validationSubjects, 0, seed).assign(others));
        evaluated.forEach(subject -> splits.put(subject, Split.EVAL));
        return splits;
    }
}
