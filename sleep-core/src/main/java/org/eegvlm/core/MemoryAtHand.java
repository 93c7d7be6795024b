package org.eegvlm.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much memory native code may still take before the system kills this process: what the machine has available, or
 * what a control group leaves (of either version, as a container's is), whichever is less, without what Java's heap may
 * still grow by. Files that are only cached count as available.
 *
 * @param heap bytes that Java's heap may have in all; 0 of memory where none lies, as a GPU's
 */
public record MemoryAtHand(long bytes, long heap) {

    /** Where groups of the first version have their memory, and those of the second everything. */
    private static final String GROUPS = "sys/fs/cgroup";

    /** Memory beside which there is no heap. */
    public MemoryAtHand(long bytes) {
        this(bytes, 0);
    }

    /** Here and now; empty where the system does not tell, as outside Linux. */
    public static Optional<MemoryAtHand> now() {
        var runtime = Runtime.getRuntime();
        // What the heap has is taken already, whether objects fill it or not.
        long growth = runtime.maxMemory() - runtime.totalMemory();
        return under(Path.of("/")).map(all -> new MemoryAtHand(Math.max(0, all.bytes - growth), runtime.maxMemory()));
    }

    /** @param root under which {@code proc} and {@code sys} lie */
    static Optional<MemoryAtHand> under(Path root) {
        try {
            var available = number(root.resolve("proc/meminfo"), "MemAvailable:");
            if (available.isEmpty()) {
                return Optional.empty();
            }
            long least = available.getAsLong() << 10;
            for (var line : lines(root.resolve("proc/self/cgroup"))) {
                least = Math.min(least, left(root.resolve(GROUPS), line));
            }
            return Optional.of(new MemoryAtHand(Math.max(0, least)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param line {@code number:controllers:/path}; the second version is number 0 and names no controllers */
    private static long left(Path groups, String line) throws IOException {
        var parts = line.split(":", 3);
        if (parts.length < 3) {
            return Long.MAX_VALUE;
        }
        if (parts[0].equals("0")) {
            return left(groups, parts[2], "memory.max", "memory.current", "");
        }
        return List.of(parts[1].split(",")).contains("memory")
                ? left(groups.resolve("memory"), parts[2], "memory.limit_in_bytes", "memory.usage_in_bytes", "total_")
                : Long.MAX_VALUE;
    }

    /**
     * Of a group and all above it; of those that a container sees, if its own path leads nowhere there, or out of them.
     *
     * @param whole prefix of what counts the groups below, too
     */
    private static long left(Path groups, String path, String limit, String usage, String whole) throws IOException {
        long least = Long.MAX_VALUE;
        var own = groups.resolve("." + path).normalize();
        for (var group = own.startsWith(groups) ? own : groups;
                group != null && group.startsWith(groups);
                group = group.getParent()) {
            var most = number(group.resolve(limit), "");
            var used = number(group.resolve(usage), "");
            if (most.isPresent() && used.isPresent()) {
                var stat = group.resolve("memory.stat");
                long cached = number(stat, whole + "active_file").orElse(0)
                        + number(stat, whole + "inactive_file").orElse(0);
                least = Math.min(least, most.getAsLong() - used.getAsLong() + cached);
            }
        }
        return least;
    }

    /** Behind a word that begins a line; empty where there is none, or a word for no limit, or a number as large. */
    private static OptionalLong number(Path file, String word) throws IOException {
        return lines(file).stream()
                .filter(line -> line.startsWith(word))
                .map(line -> line.substring(word.length()).replace("kB", "").strip())
                .filter(text -> text.matches("\\d{1,18}"))
                .mapToLong(Long::parseLong)
                .findFirst();
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
    }
}
