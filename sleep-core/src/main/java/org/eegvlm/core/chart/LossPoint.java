package org.eegvlm.core.chart;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.io.Json;

/** A step of a training, as one line of a training's {@code loss.jsonl}. */
public record LossPoint(int step, double loss, double learningRate) {

    public static List<LossPoint> readAll(Path file) throws IOException {
        var points = Json.readLines(file, LossPoint.class);
        for (int i = 0; i < points.size(); i++) {
            if (!Double.isFinite(points.get(i).loss)) {
                throw new MalformedDataException(file, "line " + (i + 1), "the loss is " + points.get(i).loss);
            }
        }
        return points;
    }
}
