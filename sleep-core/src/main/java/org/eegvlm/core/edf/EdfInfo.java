package org.eegvlm.core.edf;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.IOException;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eegvlm.core.Annotation;
import org.eegvlm.core.Stretch;

/**
 * A recording at a glance, in the words of its format.
 *
 * @param start when the first sample was taken, as ISO 8601 writes it; empty where the file does not tell
 * @param recordCount whole data records in the file
 * @param annotations by onset from the first sample
 * @param warnings what is odd about it, a sentence each
 */
@JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
public record EdfInfo(
        String format,
        Optional<String> start,
        long recordCount,
        double recordSeconds,
        List<Signal> signals,
        List<Text> annotations,
        List<String> warnings) {

    /** @param sha256 of the digital samples as little-endian int32; empty where nobody asked */
    @JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
    public record Signal(
            String label,
            String unit,
            double rateHz,
            int samplesPerRecord,
            long samples,
            int digitalMin,
            int digitalMax,
            double physicalMin,
            double physicalMax,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> sha256) {}

    /** Onset and duration in seconds; a moment has no duration. */
    public record Text(double onset, Optional<Double> duration, String text) {

        static Text of(Annotation annotation) {
            return new Text(annotation.onsetSeconds(), annotation.durationSeconds(), annotation.text());
        }
    }

    /** Reads all annotations, and all samples where a digest is wanted. */
    public static EdfInfo of(EdfRecording recording, boolean digest) throws IOException {
        var header = recording.header();
        var texts = recording.texts();
        var warnings = new ArrayList<>(recording.warnings());
        gaps(recording.stretches()).ifPresent(warnings::add);
        outside(recording, texts.annotations()).ifPresent(warnings::add);
        warnings.addAll(texts.warnings());
        var signals = new ArrayList<Signal>();
        for (var channel : recording.channels()) {
            var signal = header.signals().get(channel.index());
            signals.add(new Signal(
                    signal.label(),
                    signal.unit(),
                    channel.samplingRateHz(),
                    signal.samplesPerRecord(),
                    channel.samples(),
                    signal.digitalMinimum(),
                    signal.digitalMaximum(),
                    signal.physicalMinimum(),
                    signal.physicalMaximum(),
                    digest ? Optional.of(SampleDigest.of(recording, channel)) : Optional.empty()));
        }
        return new EdfInfo(
                header.format().label(),
                recording.start().map(DateTimeFormatter.ISO_LOCAL_DATE_TIME::format),
                recording.records(),
                header.recordSeconds(),
                List.copyOf(signals),
                texts.annotations().stream().map(Text::of).toList(),
                List.copyOf(warnings));
    }

    /** For people: the most frequent annotations stand for all. */
    public String table() {
        return EdfInfoTable.of(this);
    }

    private static Optional<String> outside(EdfRecording recording, List<Annotation> annotations) {
        double end = recording.announcedDuration().toNanos() / 1e9;
        long count = annotations.stream()
                .filter(text -> text.onsetSeconds() < 0 || text.onsetSeconds() > end)
                .count();
        return count == 0 || recording.channels().isEmpty()
                ? Optional.empty()
                : Optional.of("annotations before the recording's start or after its end: %d".formatted(count));
    }

    private static Optional<String> gaps(List<Stretch> stretches) {
        if (stretches.size() == 1) {
            return Optional.empty();
        }
        var last = stretches.get(stretches.size() - 1);
        var first = stretches.get(1);
        return Optional.of("gaps: %d, of %.3f s in all; the first from %.3f s to %.3f s"
                .formatted(
                        stretches.size() - 1,
                        last.onsetSeconds() - last.recordedBefore(),
                        stretches.get(0).endSeconds(),
                        first.onsetSeconds()));
    }
}
