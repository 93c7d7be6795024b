package org.eegvlm.core.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eegvlm.core.Annotation;
import org.eegvlm.core.EpochRange;
import org.eegvlm.core.Hypnogram;
import org.eegvlm.core.ScoredStage;
import org.eegvlm.core.edf.EdfHeader;
import org.eegvlm.core.edf.EdfSignal;
import org.eegvlm.core.edf.EdfWriter;
import org.eegvlm.core.io.Output;
import org.eegvlm.core.night.HypnogramExport;

/**
 * The two files of one simulated night, with the labels, rates, ranges and filter texts of Sleep-EDF's SC files:
 * {@code SIM4ss1E0-PSG.edf} and {@code SIM4ss1EC-Hypnogram.edf} for subject ss, {@code SIM5001…} for subject 100.
 */
record NightFiles(Path folder, int subject) {

    private static final int RECORD_SECONDS = 30;
    private static final String BANDWIDTH = "HP:0.5Hz LP:100Hz [enhanced cassette BW]";
    private static final String ELECTRODES = "Ag-AgCl electrodes";
    private static final double BREATHS_HZ = 0.24;
    private static final int FIRST_NUMBER = 400;

    private static final List<EdfSignal> SIGNALS = List.of(
            new EdfSignal("EEG Fpz-Cz", ELECTRODES, "uV", -192, 192, -2048, 2047, BANDWIDTH, 3000),
            new EdfSignal("EEG Pz-Oz", ELECTRODES, "uV", -197, 196, -2048, 2047, BANDWIDTH, 3000),
            new EdfSignal("EOG horizontal", ELECTRODES, "uV", -1009, 1009, -2048, 2047, BANDWIDTH, 3000),
            new EdfSignal(
                    "Resp oro-nasal", "Oral-nasal thermistors", "", -2048, 2047, -2048, 2047, "HP:0.03Hz LP:0.9Hz", 30),
            new EdfSignal("EMG submental", ELECTRODES, "uV", -5, 5, -2500, 2500, "HP:16Hz Rectification LP:0.7Hz", 30),
            new EdfSignal("Temp rectal", "Rectal thermistor", "DegC", 34, 40, -2849, 2731, "", 30),
            new EdfSignal("Event marker", "Marker button", "", -2047, 2048, -2047, 2048, "Hold during 2 seconds", 30));

    private String name() {
        return String.format(Locale.ROOT, "SIM%03d", FIRST_NUMBER + subject);
    }

    private Path signals() {
        return folder.resolve(name() + "1E0-PSG.edf");
    }

    private Path hypnogram() {
        return folder.resolve(name() + "1EC-Hypnogram.edf");
    }

    /** The hypnogram is written last, so it tells that the night is complete. */
    boolean exist() {
        return Files.exists(signals()) && Files.exists(hypnogram());
    }

    void write(List<ScoredStage> plan, NightSignals night) throws IOException {
        Output.writeAtomically(signals(), file -> writeSignals(file, night, plan.size()));
        Output.writeAtomically(
                hypnogram(),
                file -> EdfWriter.writeAnnotations(file, patient(), recording(), start(), annotations(plan)));
    }

    private void writeSignals(Path file, NightSignals night, int epochs) throws IOException {
        var header = EdfHeader.plain(patient(), recording(), start(), RECORD_SECONDS, SIGNALS);
        try (var writer = EdfWriter.create(file, header, epochs)) {
            for (int epoch = 0; epoch < epochs; epoch++) {
                writer.append(record(night, epoch));
            }
        }
    }

    private String patient() {
        return name() + " X X Simulated";
    }

    private String recording() {
        return EdfHeader.startdate(start().toLocalDate()) + " X X Simulated_by_EEG-VLM";
    }

    /** Every night starts at its own minute, so that a hypnogram of another night is recognised. */
    private LocalDateTime start() {
        return LocalDateTime.of(2000, 1, 1, 22, 0).plusMinutes(subject);
    }

    private static double[][] record(NightSignals night, int epoch) {
        int second = epoch * RECORD_SECONDS;
        var breath = new double[RECORD_SECONDS];
        var temperature = new double[RECORD_SECONDS];
        for (int i = 0; i < RECORD_SECONDS; i++) {
            breath[i] = 600 * StrictMath.sin(2 * StrictMath.PI * BREATHS_HZ * (second + i));
            temperature[i] = 36.8;
        }
        return new double[][] {
            samples(night.frontal, second),
            samples(night.occipital, second),
            samples(night.ocular, second),
            breath,
            Arrays.copyOfRange(night.chin, second, second + RECORD_SECONDS),
            temperature,
            new double[RECORD_SECONDS]
        };
    }

    private static double[] samples(double[] channel, int second) {
        return Arrays.copyOfRange(channel, second * Background.RATE_HZ, (second + RECORD_SECONDS) * Background.RATE_HZ);
    }

    private List<Annotation> annotations(List<ScoredStage> plan) {
        var hypnogram = new Hypnogram(plan, Hypnogram.AASM_EPOCH);
        return new HypnogramExport(hypnogram, new EpochRange(0, plan.size()), Optional.of(start())).annotations();
    }
}
