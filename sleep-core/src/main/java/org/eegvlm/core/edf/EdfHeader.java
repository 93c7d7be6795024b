package org.eegvlm.core.edf;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The header of an EDF or BDF file.
 *
 * @param patient the local patient identification, 80 characters at most
 * @param recording the local recording identification, 80 characters at most
 * @param start when the first record starts, to the second; empty where the file has no valid date
 * @param reserved {@code EDF+C}, {@code EDF+D} or empty for plain EDF
 * @param recordSeconds how long a data record lasts; 0 only where all signals are annotations
 * @param bytesPerSample 2 in EDF, 3 in BDF
 */
public record EdfHeader(
        String patient,
        String recording,
        Optional<LocalDateTime> start,
        String reserved,
        double recordSeconds,
        int bytesPerSample,
        List<EdfSignal> signals) {

    static final int FIXED_BYTES = 256;
    static final int BYTES_PER_SIGNAL = 256;

    public EdfHeader {
        signals = List.copyOf(signals);
    }

    /** A header for a plain EDF file with 16-bit samples. */
    public static EdfHeader plain(
            String patient, String recording, LocalDateTime start, double recordSeconds, List<EdfSignal> signals) {
        return new EdfHeader(patient, recording, Optional.of(start), "", recordSeconds, 2, signals);
    }

    /** Whether the identification says that a program made these signals. */
    public boolean simulated() {
        return (patient + " " + recording).toLowerCase(Locale.ROOT).contains("simulated");
    }

    boolean isDiscontinuous() {
        return reserved.startsWith("EDF+D") || reserved.startsWith("BDF+D");
    }

    long headerBytes() {
        return FIXED_BYTES + (long) BYTES_PER_SIGNAL * signals.size();
    }

    long recordBytes() {
        return byteOffsets()[signals.size()];
    }

    /** Where each signal's samples start within a data record, and at last where the record ends. */
    long[] byteOffsets() {
        var offsets = new long[signals.size() + 1];
        for (int i = 0; i < signals.size(); i++) {
            offsets[i + 1] = offsets[i] + (long) signals.get(i).samplesPerRecord() * bytesPerSample;
        }
        return offsets;
    }
}
