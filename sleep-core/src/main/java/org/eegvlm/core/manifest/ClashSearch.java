package org.eegvlm.core.manifest;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * Finds the epochs of a manifest that may clash, by eight bytes of each id and each picture: those that do are always
 * among them, and next to never others. So a manifest of any length is checked without being held; an epoch takes 16
 * bytes, and up to 40 while the arrays grow.
 */
final class ClashSearch {

    /** A picture's hash ends in its split. */
    private static final long SPLIT = 3;

    private long[] ids = new long[1 << 10];
    private long[] pictures = new long[1 << 10];
    private int size;

    void add(EpochRecord epoch) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
            pictures = Arrays.copyOf(pictures, 2 * size);
        }
        ids[size] = hash(epoch.id());
        pictures[size] = hash(epoch.sha256()) & ~SPLIT | epoch.split().ordinal();
        size++;
    }

    /** Of all that were added, those that may share an id; empty if none may. To be asked once all are there. */
    Optional<Predicate<EpochRecord>> sharingAnId() {
        Arrays.sort(ids, 0, size);
        return suspects(ids, n -> ids[n] == ids[n - 1], 0, EpochRecord::id);
    }

    /** The same of those that may share a picture with another split. */
    Optional<Predicate<EpochRecord>> sharingAPicture() {
        Arrays.sort(pictures, 0, size); // the splits of one picture stand together
        return suspects(
                pictures,
                n -> pictures[n] != pictures[n - 1] && (pictures[n] | SPLIT) == (pictures[n - 1] | SPLIT),
                SPLIT,
                EpochRecord::sha256);
    }

    /** @param clashes whether the hash at a place does with the one before it */
    private Optional<Predicate<EpochRecord>> suspects(
            long[] sorted, IntPredicate clashes, long ignored, Function<EpochRecord, String> text) {
        int found = 0;
        for (int n = 1; n < size; n++) {
            if (clashes.test(n)) {
                sorted[found++] = sorted[n] | ignored; // where no comparison looks again
            }
        }
        var suspected = Arrays.copyOf(sorted, found);
        return found == 0
                ? Optional.empty()
                : Optional.of(epoch -> Arrays.binarySearch(suspected, hash(text.apply(epoch)) | ignored) >= 0);
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
