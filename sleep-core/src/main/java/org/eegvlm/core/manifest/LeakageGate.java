package org.eegvlm.core.manifest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eegvlm.core.data.OutOfFold;

/** Refuses data that would make a score look better than it is. Every step that reads a manifest goes through it. */
public final class LeakageGate {

    private LeakageGate() {}

    /**
     * @throws LeakageException if a subject is in two splits, or the same picture is in two splits
     */
    public static void check(List<EpochRecord> records) {
        Stream.concat(subjects(records).stream(), pictures(records).stream())
                .findFirst()
                .ifPresent(problem -> {
                    throw new LeakageException(problem);
                });
    }

    /** A sentence for each subject that is in two splits. */
    public static List<String> subjects(List<EpochRecord> records) {
        return twice(
                records,
                EpochRecord::subject,
                (first, other) -> subjectTwice(other.subject(), first.split(), other.split()));
    }

    static String subjectTwice(String subject, Split first, Split other) {
        return "subject %s is in two splits, %s and %s; split by subject".formatted(subject, first, other);
    }

    /** A sentence for each picture that is in two splits. */
    public static List<String> pictures(List<EpochRecord> records) {
        return twice(
                records,
                EpochRecord::sha256,
                (first, other) -> "epochs %s (%s) and %s (%s) have the same picture; remove one of them"
                        .formatted(first.id(), first.split(), other.id(), other.split()));
    }

    /** A sentence for each recording that is in two splits, under whatever names. */
    public static List<String> recordings(List<EpochRecord> records) {
        return twice(
                records,
                EpochRecord::recording,
                (first, other) -> "nights %s (%s) and %s (%s) are the same recording %s; remove one of them"
                        .formatted(first.night(), first.split(), other.night(), other.split(), other.recording()));
    }

    private static List<String> twice(
            List<EpochRecord> records,
            Function<EpochRecord, String> key,
            BiFunction<EpochRecord, EpochRecord, String> sentence) {
        var firsts = new HashMap<String, EpochRecord>();
        var problems = new LinkedHashMap<String, String>();
        for (var record : records) {
            var first = firsts.putIfAbsent(key.apply(record), record);
            if (first != null && first.split() != record.split()) {
                problems.putIfAbsent(key.apply(record), sentence.apply(first, record));
            }
        }
        return List.copyOf(problems.values());
    }

    /**
     * @param seenSubjects whom the vision module was trained on
     * @param evaluationSubjects whom a figure will be reported on
     * @throws LeakageException if somebody is both
     */
    public static void checkEncoder(Collection<String> seenSubjects, Collection<String> evaluationSubjects) {
        refuseOverlap("vision module", seenSubjects, evaluationSubjects);
    }

    /**
     * @param seenSubjects whom the language model was fine-tuned on
     * @param evaluationSubjects whom a figure will be reported on
     * @throws LeakageException if somebody is both
     */
    public static void checkLanguageModel(Collection<String> seenSubjects, Collection<String> evaluationSubjects) {
        refuseOverlap("language model", seenSubjects, evaluationSubjects);
    }

    /**
     * Refuses out-of-fold features that are none.
     *
     * @param folds which encoder made each row
     * @param ids of the samples that the rows belong to
     * @param subjects of samples, by their id; a row without one cannot be judged, and is refused too
     * @throws LeakageException if a row was made by an encoder that has learnt from the row's subject
     */
    public static void checkOutOfFold(OutOfFold folds, List<String> ids, Map<String, String> subjects) {
        outOfFold(folds, ids, subjects).stream().findFirst().ifPresent(problem -> {
            throw new LeakageException(problem);
        });
    }

    /**
     * The same before the rows are made.
     *
     * @param subjects whose rows this encoder will make
     */
    public static void checkOutOfFold(OutOfFold.Encoder encoder, Collection<String> subjects) {
        for (var subject : subjects) {
            if (encoder.trainedOnSubjects().contains(subject)) {
                throw new LeakageException(
                        "encoder %s has learnt from subject %s, and cannot give its features out of fold"
                                .formatted(encoder.sha256(), subject));
            }
        }
    }

    /** A sentence for each row that is refused. */
    public static List<String> outOfFold(OutOfFold folds, List<String> ids, Map<String, String> subjects) {
        var problems = new ArrayList<String>();
        for (int n = 0; n < ids.size(); n++) {
            var id = ids.get(n);
            var subject = subjects.get(id);
            var encoder = folds.encoder(n);
            if (subject == null) {
                problems.add(
                        "nobody knows the subject of sample %s, whose features are called out of fold".formatted(id));
            } else if (encoder.trainedOnSubjects().contains(subject)) {
                problems.add("the features of %s are called out of fold, but encoder %s has learnt from subject %s"
                        .formatted(id, encoder.sha256(), subject));
            }
        }
        return problems;
    }

    private static void refuseOverlap(String model, Collection<String> seen, Collection<String> evaluation) {
        var both = new TreeSet<>(seen);
        both.retainAll(new HashSet<>(evaluation));
        if (!both.isEmpty()) {
            throw new LeakageException(
                    "the %s has seen evaluation subjects %s; train it without them".formatted(model, both));
        }
    }
}
