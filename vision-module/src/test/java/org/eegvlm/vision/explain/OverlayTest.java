package org.eegvlm.vision.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.Split;
import org.eegvlm.vision.render.EegImage;
import org.eegvlm.vision.render.RenderSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverlayTest {

    private static final int SIDE = 200;
    private static final double DRAWN = 2.5 * SIDE;
    private static final int LEFT = 44;
    private static final int TOP = 60;
    private static final int BINS = 60;

    /** Of full strength; those of the legend are weaker. */
    private static final Pattern STRONGEST = Pattern.compile(
            "<rect x=\"([0-9.]+)\" y=\"([0-9.]+)\" width=\"([0-9.]+)\" height=\"[0-9.]+\" fill=\"#d55e00\" fill-opacity=\"0.50\"/>");

    /** From when to when, in seconds of the epoch. */
    private record Stretch(double from, double to) {}

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 7, 50, 60})
    void drawsAWeightOverTheSecondsThatItIsOf(int rows) {
        for (int bin = 0; bin < BINS; bin++) {
            var stretches = drawn(bin, rows);

            double tolerance = 0.01 * 30 / rows;
            assertThat(stretches.get(0).from()).isCloseTo(bin * 0.5, within(tolerance));
            assertThat(stretches.get(stretches.size() - 1).to()).isCloseTo((bin + 1) * 0.5, within(tolerance));
            double total =
                    stretches.stream().mapToDouble(s -> s.to() - s.from()).sum();
            assertThat(total).isCloseTo(0.5, within(2 * tolerance));
        }
    }

    private static List<Stretch> drawn(int bin, int rows) {
        var weight = new double[BINS];
        weight[bin] = 1;
        var explanation = new Explanation(SleepStage.N2, 0.9, 0.5, weight);
        var spec = RenderSpec.DEFAULT
                .withCanvas(new RenderSpec.Canvas(SIDE, 4 * SIDE))
                .withTrace(new RenderSpec.Trace(rows, 60, 1));
        var image = new EegImage(SIDE, SIDE, new byte[3 * SIDE * SIDE]);
        var areas = STRONGEST.matcher(new Overlay(EPOCH, image, spec, explanation).svg());
        var stretches = new ArrayList<Stretch>();
        double rowSeconds = 30.0 / rows;
        while (areas.find()) {
            double x = Double.parseDouble(areas.group(1)) - LEFT;
            double row = Math.round((Double.parseDouble(areas.group(2)) - TOP) / (DRAWN / rows));
            double from = (row + x / DRAWN) * rowSeconds;
            stretches.add(new Stretch(from, from + Double.parseDouble(areas.group(3)) / DRAWN * rowSeconds));
        }
        return stretches;
    }

    private static final EpochRecord EPOCH = new EpochRecord(
            "s-0",
            "s",
            "n",
            0,
            0,
            30,
            Optional.of(SleepStage.N2),
            Split.EVAL,
            "s-0.png",
            "hash",
            "spec",
            "night.edf",
            Optional.empty(),
            List.of("EEG"),
            true);
}
