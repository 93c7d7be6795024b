package org.eegvlm.kernels;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What kernels ask of the processor, by what it says of itself: timing it would give other bits from run to run.
 *
 * @param quickAtBfloat16 whether it multiplies bfloat16 matrices quicker than float32 ones
 */
record Processor(boolean quickAtBfloat16) {

    static final Processor HERE = of(System.getProperty("os.arch"), Path.of("/proc/cpuinfo"));

    /**
     * Of x86, those with tiles (AMX), and AMD's with bfloat16 instructions: Intel's do no more of them a cycle than of float32's,
     * and without either every number is widened anyway. Of others nothing is known that would speak against their own way.
     */
    static Processor of(String architecture, Path cpuinfo) {
        if (!Set.of("amd64", "x86_64").contains(architecture)) {
            return new Processor(true);
        }
        var words = words(cpuinfo);
        return new Processor(
                words.contains("amx_bf16") || words.contains("AuthenticAMD") && words.contains("avx512_bf16"));
    }

    private static Set<String> words(Path file) {
        try {
            return Files.exists(file)
                    ? new HashSet<>(List.of(
                            Files.readString(file, StandardCharsets.ISO_8859_1).split("\\s+")))
                    : Set.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The kernel that tells the others. */
    String kernel() {
        return "def bf16_is_quick(self) -> bool:\n  return %s\n".formatted(quickAtBfloat16 ? "True" : "False");
    }
}
