package org.eegvlm.vision;

import java.util.Locale;
import java.util.Optional;
import org.eegvlm.core.MemoryAtHand;
import org.eegvlm.vision.engine.MemoryNeed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses how many pictures go through a network at once: as many as usual, or half as many, and half of that, until memory
 * holds them. What was asked for stays as it is.
 *
 * @param fewest pictures at once
 */
record LoadFit(Execution asked, MemoryNeed need, MemoryAtHand atHand, int fewest) {

    private static final Logger LOG = LoggerFactory.getLogger(LoadFit.class);

    /** The rest is for what nobody foretells. */
    private static final double USABLE = 0.9;

    private static final double MEBI = 1 << 20;

    /** What is unknown is no limit. */
    static LoadFit of(Execution asked, MemoryNeed need, Optional<MemoryAtHand> atHand, int fewest) {
        return new LoadFit(asked, need, atHand.orElse(new MemoryAtHand(Long.MAX_VALUE)), fewest);
    }

    /** @throws IllegalArgumentException if what was asked for does not fit, or nothing does; tells what would */
    Load choose(Load usual) {
        var load = nearest(usual);
        if (!fits(load.atOnce())) {
            throw new IllegalArgumentException(shortage(load.atOnce()) + "; " + advice());
        }
        return load;
    }

    /** For whoever cannot ask for less: what does not fit, either, is only warned of, as the need is an estimate. */
    Load chooseAnyway(Load usual) {
        var load = nearest(usual);
        if (!fits(load.atOnce())) {
            LOG.warn("{}; going on", shortage(load.atOnce()));
        }
        return load;
    }

    private Load nearest(Load usual) {
        int atOnce = asked.atOnce().orElse(usual.atOnce());
        while (!fits(atOnce) && asked.atOnce().isEmpty() && atOnce > fewest) {
            atOnce = Math.max(fewest, atOnce / 2);
        }
        return new Load(atOnce, asked.threads().orElse(usual.threads()));
    }

    private boolean fits(int pictures) {
        return need.bytes(pictures) <= USABLE * atHand.bytes();
    }

    private String shortage(int pictures) {
        var heap = atHand.heap() == 0 ? "" : " beside Java's heap of " + size(atHand.heap());
        return "%d pictures at once need about %s of memory, and %s are at hand%s"
                .formatted(pictures, size(need.bytes(pictures)), size(atHand.bytes()), heap);
    }

    private String advice() {
        long most = (long) (USABLE * atHand.bytes() - need.fixed()) / need.picture();
        return most < fewest ? "take smaller pictures or another backbone" : "--at-once %d fits".formatted(most);
    }

    private static String size(long bytes) {
        return String.format(Locale.ROOT, "%.0f MiB", bytes / MEBI);
    }
}
