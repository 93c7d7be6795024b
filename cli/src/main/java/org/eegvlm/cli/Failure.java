package org.eegvlm.cli;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import org.eegvlm.core.io.Printable;
import org.eegvlm.finetune.MemoryShortage;

/**
 * What went wrong, as one line for people and one number for scripts.
 *
 * @param line what, where, and what to do about it
 */
record Failure(String line, int exitCode) {

    static Failure of(Throwable problem) {
        var cause = problem instanceof UncheckedIOException ? Objects.requireNonNull(problem.getCause()) : problem;
        return new Failure("eegvlm: " + firstLine(sentence(cause)), ExitCode.of(cause));
    }

    private static String sentence(Throwable problem) {
        var message = Objects.requireNonNullElse(problem.getMessage(), "");
        if (problem instanceof NoSuchFileException) {
            return message + ": no such file or folder; check the path, or run the step that writes it";
        }
        if (problem instanceof AccessDeniedException) {
            return message + ": access denied; check its permissions";
        }
        if (problem instanceof OutOfMemoryError) {
            return "out of memory (" + message + "); lower the batch size, or set EEGVLM_JAVA_OPTS=-Xmx4g";
        }
        if (problem instanceof IllegalArgumentException
                || problem instanceof FileSystemException
                || problem instanceof MemoryShortage) {
            return message;
        }
        if (ExitCode.of(problem) == ExitCode.BAD_DATA) {
            return message;
        }
        return "%s: %s; run again with --stacktrace to see where"
                .formatted(problem.getClass().getSimpleName(), message);
    }

    private static String firstLine(String text) {
        return Printable.line(text.lines().findFirst().orElse(text));
    }
}
