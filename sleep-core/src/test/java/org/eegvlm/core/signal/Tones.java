package org.eegvlm.core.signal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.eegvlm.core.edf.EdfHeader;
import org.eegvlm.core.edf.EdfSignal;
import org.eegvlm.core.edf.EdfWriter;

/** EDF files whose channels are functions of time, in µV. */
final class Tones {

    private static final int RECORDS = 120;

    private Tones() {}

    /** Two minutes at 100 Hz. */
    static Path write(Path file, List<String> labels, List<DoubleUnaryOperator> channels) throws IOException {
        var signals = labels.stream()
                .map(label -> new EdfSignal(label, "", "uV", -500, 500, -32768, 32767, "", 100))
                .toList();
        var start = LocalDateTime.of(2000, 1, 1, 22, 0);
        try (var writer = EdfWriter.create(file, EdfHeader.plain("X", "Startdate X", start, 1, signals), RECORDS)) {
            for (int record = 0; record < RECORDS; record++) {
                var samples = new double[channels.size()][100];
                for (int channel = 0; channel < samples.length; channel++) {
                    int second = record;
                    var wave = channels.get(channel);
                    Arrays.setAll(samples[channel], i -> wave.applyAsDouble(second + i / 100.0));
                }
                writer.append(samples);
            }
        }
        return file;
    }

    static DoubleUnaryOperator sine(double hz, double microvolts) {
        return t -> microvolts * Math.sin(2 * Math.PI * hz * t);
    }
}
