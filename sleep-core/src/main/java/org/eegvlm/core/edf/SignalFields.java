package org.eegvlm.core.edf;

import java.util.ArrayList;
import java.util.List;

/** The second part of a header. It lists field by field, not signal by signal: all labels, then all transducers. */
final class SignalFields {

    /** The columns in the order of the file, with the width of each field. */
    private enum Column {
        LABEL("label", 16),
        TRANSDUCER("transducer type", 80),
        UNIT("physical dimension", 8),
        PHYSICAL_MINIMUM("physical minimum", 8),
        PHYSICAL_MAXIMUM("physical maximum", 8),
        DIGITAL_MINIMUM("digital minimum", 8),
        DIGITAL_MAXIMUM("digital maximum", 8),
        PREFILTER("prefiltering", 80),
        SAMPLES("samples per record", 8);

        private final String title;
        private final int width;

        Column(String title, int width) {
            this.title = title;
            this.width = width;
        }

        /** Where the field of one signal stands in a file with so many signals. */
        long offset(int signals, int signal) {
            long before = EdfHeader.FIXED_BYTES;
            for (var column : values()) {
                if (column.ordinal() < ordinal()) {
                    before += (long) column.width * signals;
                }
            }
            return before + (long) width * signal;
        }
    }

    /** Cuts a field out of the header. */
    @FunctionalInterface
    interface Cutter {
        HeaderField cut(String name, long offset, int width) throws MalformedEdfException;
    }

    private final Cutter header;
    private final Oddities oddities;

    SignalFields(Cutter header, Oddities oddities) {
        this.header = header;
        this.oddities = oddities;
    }

    static long samplesPerRecordOffset(int signals, int signal) {
        return Column.SAMPLES.offset(signals, signal);
    }

    List<EdfSignal> read(int count) throws MalformedEdfException {
        var signals = new ArrayList<EdfSignal>();
        for (int i = 0; i < count; i++) {
            signals.add(new EdfSignal(
                    field(Column.LABEL, count, i).text(),
                    field(Column.TRANSDUCER, count, i).text(),
                    field(Column.UNIT, count, i).text(),
                    field(Column.PHYSICAL_MINIMUM, count, i).decimalOrComma(oddities),
                    field(Column.PHYSICAL_MAXIMUM, count, i).decimalOrComma(oddities),
                    (int) digital(field(Column.DIGITAL_MINIMUM, count, i)),
                    (int) digital(field(Column.DIGITAL_MAXIMUM, count, i)),
                    field(Column.PREFILTER, count, i).text(),
                    (int) field(Column.SAMPLES, count, i).whole(0, Integer.MAX_VALUE)));
        }
        return signals;
    }

    private long digital(HeaderField field) throws MalformedEdfException {
        return field.wholeIfRounded(Integer.MIN_VALUE, Integer.MAX_VALUE, oddities);
    }

    private HeaderField field(Column column, int signals, int signal) throws MalformedEdfException {
        var name = "%s of signal %d".formatted(column.title, signal + 1);
        return header.cut(name, column.offset(signals, signal), column.width);
    }
}
