package org.eegvlm.core.manifest;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;

/** Refuses data that would make a score look better than it is. Every step that reads a manifest goes through it. */
public final class LeakageGate {

    private LeakageGate() {}

    /**
     * @throws LeakageException if a subject is in two splits, or the same picture is in two splits
     */
    public static void check(List<EpochRecord> records) {
        var splitOfSubject = new HashMap<String, Split>();
        var firstOfPicture = new HashMap<String, EpochRecord>();
        for (var record : records) {
            var split = splitOfSubject.putIfAbsent(record.subject(), record.split());
            if (split != null && split != record.split()) {
                throw new LeakageException("subject %s is in two splits, %s and %s; split by subject"
                        .formatted(record.subject(), split, record.split()));
            }
            var first = firstOfPicture.putIfAbsent(record.sha256(), record);
            if (first != null && first.split() != record.split()) {
                throw new LeakageException("epochs %s (%s) and %s (%s) have the same picture; remove one of them"
                        .formatted(first.id(), first.split(), record.id(), record.split()));
            }
        }
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

    private static void refuseOverlap(String model, Collection<String> seen, Collection<String> evaluation) {
        var both = new TreeSet<>(seen);
        both.retainAll(new HashSet<>(evaluation));
        if (!both.isEmpty()) {
            throw new LeakageException(
                    "the %s has seen evaluation subjects %s; train it without them".formatted(model, both));
        }
    }
}
