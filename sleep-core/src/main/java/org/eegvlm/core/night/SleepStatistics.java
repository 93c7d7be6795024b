package org.eegvlm.core.night;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.ScoredStage;
import org.eegvlm.core.SleepStage;

/**
 * The figures of a sleep report, by the definitions of the AASM scoring manual (version 3, II.B), in minutes. A hypnogram
 * is taken to begin at lights off and to end at lights on. Movement and unscored epochs are neither sleep nor wake.
 *
 * @param timeInBed from lights off to lights on: the manual's total recording time
 * @param totalSleep in any stage but Wake
 * @param sleepOnsetLatency from lights off to the first epoch of any sleep; empty where nobody slept, as are the next two
 * @param remLatency from that epoch to the first of REM; empty also where there is none
 * @param wakeAfterSleepOnset Wake after that epoch, the last awakening included
 * @param sleepEfficiency the part of the time in bed that was slept, in percent
 * @param byStage in each stage
 */
public record SleepStatistics(
        double timeInBed,
        double totalSleep,
        Optional<Double> sleepOnsetLatency,
        Optional<Double> remLatency,
        Optional<Double> wakeAfterSleepOnset,
        double sleepEfficiency,
        Map<SleepStage, Double> byStage) {

    public SleepStatistics {
        byStage = Collections.unmodifiableMap(new LinkedHashMap<>(byStage)); // keeps the order
    }

    public static SleepStatistics of(Hypnogram hypnogram) {
        double minutes = hypnogram.epochLength().toNanos() / 60e9;
        var epochs = hypnogram.epochs();
        var byStage = new EnumMap<SleepStage, Double>(SleepStage.class);
        for (var stage : SleepStage.values()) {
            byStage.put(
                    stage,
                    minutes
                            * epochs.stream()
                                    .filter(e -> e.stage().filter(stage::equals).isPresent())
                                    .count());
        }
        double asleep = minutes * epochs.stream().filter(ScoredStage::isSleep).count();
        double inBed = minutes * epochs.size();
        var onset = hypnogram.sleep().map(sleep -> sleep.first());
        return new SleepStatistics(
                inBed,
                asleep,
                onset.map(first -> minutes * first),
                onset.flatMap(first -> {
                    int rem = epochs.indexOf(ScoredStage.REM);
                    return rem < 0 ? Optional.empty() : Optional.of(minutes * (rem - first));
                }),
                onset.map(first -> minutes
                        * epochs.subList(first, epochs.size()).stream()
                                .filter(ScoredStage.WAKE::equals)
                                .count()),
                inBed == 0 ? 0 : 100 * asleep / inBed,
                byStage);
    }
}
