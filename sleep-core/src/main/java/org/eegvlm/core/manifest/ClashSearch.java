package org.eegvlm.core.manifest;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds the epochs of a manifest that may clash, by eight bytes of each id and each picture: those that do are always
 * among them, and next to never others. So a manifest of any length is checked without being held.
 */
final class ClashSearch {

    /** A picture's hash ends in its split. */
    private static final long SPLIT = 3;

    private final Map<String, Split> subjects = new HashMap<>();
    private final Set<String> torn = new HashSet<>();
    private long[] ids = new long[1 << 10];
    private long[] pictures = new long[1 << 10];
    private int size;

    void add(EpochRecord epoch) {
        var first = subjects.putIfAbsent(epoch.subject(), epoch.split());
        if (first != null && first != epoch.split()) {
            torn.add(epoch.subject());
        }
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
            pictures = Arrays.copyOf(pictures, 2 * size);
        }
        ids[size] = hash(epoch.id());
        pictures[size] = hash(epoch.sha256()) & ~SPLIT | epoch.split().ordinal();
        size++;
    }

    /** Of all that were added, those that may share an id, or a subject or a picture with another split; empty if none may. */
    Optional<Predicate<EpochRecord>> suspects() {
        var sameIds = new HashSet<Long>();
        var samePictures = new HashSet<Long>();
        Arrays.sort(ids, 0, size);
        Arrays.sort(pictures, 0, size); // the splits of one picture stand together
        for (int n = 1; n < size; n++) {
            if (ids[n] == ids[n - 1]) {
                sameIds.add(ids[n]);
            }
            if (pictures[n] != pictures[n - 1] && (pictures[n] | SPLIT) == (pictures[n - 1] | SPLIT)) {
                samePictures.add(pictures[n] | SPLIT);
            }
        }
        if (torn.isEmpty() && sameIds.isEmpty() && samePictures.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(epoch -> torn.contains(epoch.subject())
                || sameIds.contains(hash(epoch.id()))
                || samePictures.contains(hash(epoch.sha256()) | SPLIT));
    }

    /** FNV-1a. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }
}
