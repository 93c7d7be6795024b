package org.eegvlm.core.edf;

import static org.eegvlm.core.Preconditions.require;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The header of an EDF or BDF file.
 *
 * @param patient the local patient identification, 80 characters at most
 * @param recording the local recording identification, 80 characters at most
 * @param start when the first record starts; as read, to the second, and empty where the file has no valid date
 * @param recordSeconds how long a data record lasts; 0 only where all signals are annotations
 */
public record EdfHeader(
        EdfFormat format,
        String patient,
        String recording,
        Optional<LocalDateTime> start,
        double recordSeconds,
        List<EdfSignal> signals) {

    static final int FIXED_BYTES = 256;
    static final int BYTES_PER_SIGNAL = 256;

    public EdfHeader {
        require(recordSeconds >= 0, "a data record lasts 0 seconds or more, was %s", recordSeconds);
        signals = List.copyOf(signals);
    }

    /** A header for a plain EDF file with 16-bit samples. */
    public static EdfHeader plain(
            String patient, String recording, LocalDateTime start, double recordSeconds, List<EdfSignal> signals) {
        return new EdfHeader(EdfFormat.EDF, patient, recording, Optional.of(start), recordSeconds, signals);
    }

    public EdfHeader withFormat(EdfFormat changed) {
        return new EdfHeader(changed, patient, recording, start, recordSeconds, signals);
    }

    public EdfHeader withStart(Optional<LocalDateTime> changed) {
        return new EdfHeader(format, patient, recording, changed, recordSeconds, signals);
    }

    public EdfHeader withSignals(List<EdfSignal> changed) {
        return new EdfHeader(format, patient, recording, start, recordSeconds, changed);
    }

    /** Without the signals that hold annotations: a writer adds its own. */
    public EdfHeader withoutAnnotations() {
        return withSignals(
                signals.stream().filter(signal -> !signal.isAnnotations()).toList());
    }

    /** How EDF+ begins a recording identification: {@code Startdate 24-APR-1989}. */
    public static String startdate(LocalDate day) {
        return "Startdate " + StartTime.spelled(day);
    }

    /** Who was recorded, as far as the patient identification tells. */
    public Person person() {
        return Person.of(patient, start.map(LocalDateTime::toLocalDate));
    }

    /** Whether the identification says that a program made these signals. */
    public boolean simulated() {
        return (patient + " " + recording).toLowerCase(Locale.ROOT).contains("simulated");
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
            offsets[i + 1] = offsets[i] + (long) signals.get(i).samplesPerRecord() * format.bytesPerSample();
        }
        return offsets;
    }
}
