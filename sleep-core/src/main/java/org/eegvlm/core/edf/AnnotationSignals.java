package org.eegvlm.core.edf;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.eegvlm.core.Annotation;
import org.eegvlm.core.Stretch;

/** The signals of a file that hold text: what was remarked, and when each record started. */
final class AnnotationSignals {

    /** More than a week of heart beats; beyond that it takes a file that is large anyway. */
    private static final int MOST_TEXTS = 250_000;

    private static final int BYTES_A_TEXT = 100;
    private static final int MOST_STRETCHES = 100_000;
    private static final String FIELD = "EDF Annotations";

    private final Path file;
    private final EdfHeader header;
    private final DataRecords records;
    private final int[] signals;

    AnnotationSignals(Path file, EdfHeader header, DataRecords records) {
        this.file = file;
        this.header = header;
        this.records = records;
        this.signals = IntStream.range(0, header.signals().size())
                .filter(i -> header.signals().get(i).isAnnotations())
                .toArray();
    }

    /**
     * What stands in them all.
     *
     * @param unreadable the first list that could not be read
     */
    record Texts(List<Annotation> annotations, Optional<MalformedEdfException> unreadable, List<String> warnings) {}

    /** When a record started, from the header's start, where it tells. */
    Optional<BigDecimal> recordOnset(long record) throws IOException {
        if (signals.length == 0 || record >= records.count()) {
            return Optional.empty();
        }
        var first = new FirstList();
        TimestampedTexts.parse(records.offset(signals[0], record), records.raw(signals[0], record), first);
        return first.list.filter(TimestampedTexts::keepsTime).map(TimestampedTexts::onset);
    }

    /**
     * All annotations, by onset from the first sample. Lists that cannot be read are told and left out.
     *
     * @throws MalformedEdfException if there are more than memory should be spent on
     */
    Texts read(BigDecimal start) throws IOException {
        var found = new Found(start);
        long most = MOST_TEXTS + records.offset(0, records.count()) / BYTES_A_TEXT;
        for (long record = 0; record < records.count(); record++) {
            for (int i = 0; i < signals.length; i++) {
                found.beginRecord(record, i == 0);
                long offset = records.offset(signals[i], record);
                TimestampedTexts.parse(offset, records.raw(signals[i], record), found);
                if (found.annotations.size() > most) {
                    throw new MalformedEdfException(
                            file, offset, FIELD, "more than %d annotations; keep those of this night".formatted(most));
                }
            }
        }
        return found.texts();
    }

    /**
     * The parts without a gap, from the records' own time stamps.
     *
     * @throws MalformedEdfException if a record tells no time, or one before the last record's end
     */
    List<Stretch> stretches() throws IOException {
        var stretches = new ArrayList<Stretch>();
        double length = header.recordSeconds();
        var start = timeOf(0);
        long first = 0;
        double onset = 0;
        double expected = 0;
        for (long record = 0; record < records.count(); record++) {
            double now = timeOf(record).subtract(start).doubleValue();
            if (now < expected - Stretch.TOLERANCE_SECONDS) {
                throw malformed(
                        record, "record %d starts %.3f s before the one before it ends", record, expected - now);
            }
            double drift = now - (onset + (record - first) * length); // small ones add up
            if (Math.abs(drift) > Stretch.TOLERANCE_SECONDS) {
                stretches.add(new Stretch(onset, (record - first) * length, first * length));
                if (stretches.size() == MOST_STRETCHES) {
                    throw malformed(record, "the recording has more than %d gaps", MOST_STRETCHES);
                }
                first = record;
                onset = now;
            }
            expected = now + length;
        }
        stretches.add(new Stretch(onset, (records.count() - first) * length, first * length));
        return List.copyOf(stretches);
    }

    private BigDecimal timeOf(long record) throws IOException {
        return recordOnset(record)
                .orElseThrow(() ->
                        malformed(record, "record %d does not tell when it starts, though there may be gaps", record));
    }

    private MalformedEdfException malformed(long record, String problem, Object... values) {
        int signal = signals.length == 0 ? 0 : signals[0];
        return new MalformedEdfException(file, records.offset(signal, record), FIELD, problem.formatted(values));
    }

    /** Hears the first list of a record only. */
    private static final class FirstList implements TimestampedTexts.Listener {
        private Optional<TimestampedTexts> list = Optional.empty();
        private boolean heard;

        @Override
        public void list(TimestampedTexts next) {
            if (!heard) {
                list = Optional.of(next);
            }
            heard = true;
        }

        @Override
        public void unreadable(long offset, String problem) {
            heard = true;
        }

        @Override
        public void odd(String what) {}
    }

    /** Hears everything. */
    private final class Found implements TimestampedTexts.Listener {
        private final BigDecimal start;
        private final List<Annotation> annotations = new ArrayList<>();
        private final Oddities oddities = new Oddities();
        private Optional<MalformedEdfException> unreadable = Optional.empty();
        private long record;
        private boolean timeExpected;
        private boolean lateTold;

        Found(BigDecimal start) {
            this.start = start;
        }

        void beginRecord(long next, boolean keepsTime) {
            record = next;
            timeExpected = keepsTime;
        }

        @Override
        public void list(TimestampedTexts list) {
            double onset = list.onset().subtract(start).doubleValue();
            if (timeExpected && list.keepsTime() && !header.format().isDiscontinuous()) {
                tellLate(onset);
            }
            timeExpected = false;
            for (var text : list.texts()) {
                if (!text.isEmpty()) { // an empty one keeps the time, or says nothing
                    annotations.add(new Annotation(onset, list.duration(), text));
                }
            }
        }

        @Override
        public void unreadable(long offset, String problem) {
            timeExpected = false;
            if (unreadable.isEmpty()) {
                unreadable = Optional.of(new MalformedEdfException(file, offset, FIELD, problem));
            }
            oddities.add("byte %d, field '%s': %s; it is left out", offset, FIELD, problem);
        }

        @Override
        public void odd(String what) {
            oddities.add("%s", what);
        }

        private void tellLate(double onset) {
            double late = onset - record * header.recordSeconds();
            if (!lateTold && Math.abs(late) > Stretch.TOLERANCE_SECONDS) {
                lateTold = true;
                oddities.add(
                        "record %d says it starts %.3f s off its place, though the header says that there are no gaps",
                        record, late);
            }
        }

        Texts texts() {
            annotations.sort(Comparator.comparingDouble(Annotation::onsetSeconds));
            return new Texts(annotations, unreadable, oddities.list());
        }
    }
}
