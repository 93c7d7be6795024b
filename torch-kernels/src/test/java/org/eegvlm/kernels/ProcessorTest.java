package org.eegvlm.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorTest {

    @ParameterizedTest
    @CsvSource({
        "amd64, GenuineIntel, avx512f avx512_bf16 amx_bf16 amx_tile, true",
        "amd64, GenuineIntel, avx512f avx512_bf16, false",
        "amd64, GenuineIntel, avx2, false",
        "amd64, AuthenticAMD, avx512f avx512_bf16, true",
        "amd64, AuthenticAMD, avx2, false",
        "aarch64, , bf16, true"
    })
    void tellsFromWhatTheProcessorSaysWhetherItIsQuickAtBfloat16(
            String architecture, String vendor, String flags, boolean quick, @TempDir Path folder) throws IOException {
        var cpuinfo = Files.writeString(
                folder.resolve("cpuinfo"),
                "processor\t: 0\nvendor_id\t: %s\nflags\t\t: fpu %s\n\nprocessor\t: 1\nvendor_id\t: %s\nflags\t\t: fpu %s\n"
                        .formatted(vendor, flags, vendor, flags));

        assertThat(Processor.of(architecture, cpuinfo).quickAtBfloat16()).isEqualTo(quick);
    }

    @ParameterizedTest
    @CsvSource({"x86_64, false", "aarch64, true"})
    void goesByTheArchitectureWhereTheProcessorSaysNothing(String architecture, boolean quick, @TempDir Path folder) {
        assertThat(Processor.of(architecture, folder.resolve("cpuinfo")).quickAtBfloat16())
                .isEqualTo(quick);
    }
}
