package org.eegvlm.eval;

import java.util.EnumMap;
import java.util.Optional;
import java.util.function.Function;
import org.eegvlm.core.SleepStage;
import org.eegvlm.core.chart.Svg;

/** A hypnogram: one row a stage, Wake on top; a bar where the stage is, a thin line where it changes. */
final class HypnogramPanel {

    private static final int ROW = 18;

    static final int HEIGHT = ROW * SleepStage.values().length;

    private record Seen(int epoch, Optional<SleepStage> stage) {}

    private HypnogramPanel() {}

    static void draw(
            Svg svg,
            TimeAxis axis,
            double top,
            AnsweredNight night,
            Function<AnsweredNight.Epoch, Optional<SleepStage>> stageOf) {
        for (var stage : StageLook.FROM_TOP) {
            svg.line(axis.left(), middle(top, stage), axis.right(), middle(top, stage), "grid");
            svg.text(axis.left() - 8, middle(top, stage) + 4, "end", StageLook.axisLabel(stage));
        }
        var bars = new EnumMap<SleepStage, StringBuilder>(SleepStage.class);
        var changes = new StringBuilder();
        var before = new Seen(-1, Optional.empty());
        for (var epoch : night.epochs()) {
            var now = new Seen(epoch.index(), stageOf.apply(epoch));
            now.stage.ifPresent(stage -> bars.computeIfAbsent(stage, unused -> new StringBuilder())
                    .append(bar(axis, now.epoch, middle(top, stage))));
            changes.append(change(axis, top, before, now));
            before = now;
        }
        svg.path(changes.toString(), "change");
        bars.forEach((stage, d) -> svg.path(d.toString(), "bar " + StageLook.cssClass(stage)));
    }

    private static double middle(double top, SleepStage stage) {
        return top + ROW * (StageLook.row(stage) + 0.5);
    }

    private static String bar(TimeAxis axis, int epoch, double y) {
        return "M%s %sH%s".formatted(Svg.n(axis.x(epoch)), Svg.n(y), Svg.n(axis.x(epoch + 1)));
    }

    /** Nothing where the stage stays, or either side is missing. */
    private static String change(TimeAxis axis, double top, Seen before, Seen now) {
        boolean changes = before.epoch + 1 == now.epoch
                && before.stage.isPresent()
                && now.stage.isPresent()
                && before.stage.get() != now.stage.get();
        return changes
                ? "M%s %sV%s"
                        .formatted(
                                Svg.n(axis.x(now.epoch)),
                                Svg.n(middle(top, before.stage.get())),
                                Svg.n(middle(top, now.stage.get())))
                : "";
    }
}
