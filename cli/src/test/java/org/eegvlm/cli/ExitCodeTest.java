package org.eegvlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.OutputExistsException;
import org.eegvlm.core.manifest.LeakageException;
import org.eegvlm.tensor.MalformedTensorException;
import org.junit.jupiter.api.Test;

class ExitCodeTest {

    @Test
    void theCallersMistakesAreUsage() {
        assertThat(Failure.of(new OutputExistsException(Path.of("out"))).exitCode())
                .isEqualTo(2);
        assertThat(Failure.of(new NoSuchFileException("night.edf")).exitCode()).isEqualTo(2);
    }

    @Test
    void brokenFilesAreBadData() {
        var edf = new MalformedDataException(Path.of("night.edf"), "byte 256", "no number");
        var npy = new MalformedTensorException(Path.of("x.npy"), "byte 10", "truncated");

        assertThat(Failure.of(edf)).isEqualTo(new Failure("eegvlm: night.edf, byte 256: no number", 3));
        assertThat(Failure.of(npy).exitCode()).isEqualTo(3);
        assertThat(Failure.of(new UncheckedIOException(edf)).exitCode()).isEqualTo(3);
    }

    @Test
    void leakageIsBadData() {
        assertThat(Failure.of(new LeakageException("subject a is in two splits")))
                .isEqualTo(new Failure("eegvlm: subject a is in two splits", 3));
    }

    @Test
    void everythingElseIsFailure() {
        assertThat(Failure.of(new IOException("No space left on device")).exitCode())
                .isEqualTo(1);
        assertThat(Failure.of(new IllegalStateException("a bug")).exitCode()).isEqualTo(1);
        assertThat(Failure.of(new OutOfMemoryError("Java heap space")).line()).contains("lower the batch size");
    }

    @Test
    void aFailureIsOneLine() {
        assertThat(Failure.of(new IllegalStateException("one\ntwo")).line().lines())
                .hasSize(1);
        assertThat(Failure.of(new IllegalStateException()).line().lines()).hasSize(1);
    }
}
