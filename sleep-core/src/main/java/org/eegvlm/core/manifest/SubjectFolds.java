package org.eegvlm.core.manifest;

import static org.eegvlm.core.Preconditions.require;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Subjects in folds, for cross-validation and for features of those whom an encoder has not seen: every subject is in
 * exactly one fold, and folds differ by at most one subject.
 *
 * <p>Who is together depends on the names, the number of folds and the seed; not on the order in which subjects come,
 * nor on how many nights each has.
 *
 * @param folds each fold's subjects by name; none is empty
 */
public record SubjectFolds(List<List<String>> folds) {

    /** @throws IllegalArgumentException if there are not two folds, a fold is empty, or a subject is in two */
    public SubjectFolds {
        require(folds.size() >= 2, "there must be at least 2 folds, were %d", folds.size());
        var seen = new HashSet<String>();
        for (var fold : folds) {
            require(!fold.isEmpty(), "a fold has no subject");
            fold.forEach(subject -> require(seen.add(subject), "subject %s is in two folds", subject));
        }
        folds = folds.stream().map(fold -> fold.stream().sorted().toList()).toList();
    }

    /**
     * Deals subjects out at random.
     *
     * @param subjects may name a subject more than once, for several nights
     * @throws IllegalArgumentException if there are fewer than two folds, or fewer subjects than folds
     */
    public static SubjectFolds of(Collection<String> subjects, int folds, long seed) {
        var drawn = DrawnOrder.of(subjects, seed);
        require(folds >= 2, "there must be at least 2 folds, were %d", folds);
        require(drawn.size() >= folds, "%d subjects are too few for %d folds", drawn.size(), folds);
        var dealt = Stream.<List<String>>generate(ArrayList::new).limit(folds).toList();
        for (int place = 0; place < drawn.size(); place++) {
            dealt.get(place % folds).add(drawn.get(place));
        }
        return new SubjectFolds(dealt);
    }

    /**
     * A fold for each subject, by name.
     *
     * @throws IllegalArgumentException if there are fewer than two subjects
     */
    public static SubjectFolds leaveOneOut(Collection<String> subjects) {
        return new SubjectFolds(new TreeSet<>(subjects).stream().map(List::of).toList());
    }

    /** How many folds there are. */
    public int size() {
        return folds.size();
    }

    /** @param fold from 0 */
    public List<String> subjects(int fold) {
        return folds.get(fold);
    }

    /**
     * The subjects of all other folds, by name: whom a model may learn from that is asked about this fold.
     *
     * @param fold from 0
     */
    public List<String> others(int fold) {
        var others = new TreeSet<String>();
        for (int other = 0; other < size(); other++) {
            if (other != fold) {
                others.addAll(folds.get(other));
            }
        }
        return List.copyOf(others);
    }

    /**
     * Where a subject is, from 0.
     *
     * @throws IllegalArgumentException if it is in none
     */
    public int foldOf(String subject) {
        for (int fold = 0; fold < size(); fold++) {
            if (folds.get(fold).contains(subject)) {
                return fold;
            }
        }
        throw new IllegalArgumentException("subject %s is in no fold".formatted(subject));
    }
}
