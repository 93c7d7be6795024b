package org.eegvlm.core.night;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eegvlm.core.Recording;
import org.eegvlm.core.edf.EdfRecording;
import org.eegvlm.core.edf.Person;
import org.eegvlm.core.io.Printable;

/**
 * Nights at a glance: whose they are, how long, and which of Sleep-EDF's are known to be lost. Reads headers, and the
 * tables of subjects that lie with Sleep-EDF.
 *
 * @param nights by name
 * @param notes a sentence for each night that two sources tell of differently, and for each that was lost
 */
public record NightOverview(List<Entry> nights, List<String> notes) {

    public NightOverview {
        nights = List.copyOf(nights);
        notes = List.copyOf(notes);
    }

    /**
     * One night.
     *
     * @param sex as the recording's header says, or Sleep-EDF's table of subjects beside it; so the age
     * @param lightsOff the clock's time, {@code 23:05}, from the table
     * @param drug that the subject had taken, from the table
     * @param hours recorded
     * @param hypnogram the file of its scoring; empty where the recording holds its own, or nobody scored
     */
    public record Entry(
            String subject,
            String night,
            Optional<Person.Sex> sex,
            Optional<Integer> ageYears,
            Optional<String> lightsOff,
            Optional<String> drug,
            double hours,
            String recording,
            Optional<String> hypnogram) {}

    public static NightOverview of(List<Night> nights) throws IOException {
        var tables = SubjectTables.of(nights);
        var entries = new ArrayList<Entry>();
        var notes = new ArrayList<String>();
        for (var night : nights) {
            var details = tables.night(night.night());
            try (var recording = night.open()) {
                var header =
                        recording instanceof EdfRecording edf ? edf.header().person() : Person.UNKNOWN;
                details.flatMap(told -> disagreement(night, header, told.person()))
                        .ifPresent(notes::add);
                entries.add(entry(night, recording, header, details));
            }
        }
        notes.addAll(lost(nights));
        return new NightOverview(entries, notes);
    }

    /** For a terminal. */
    public String table() {
        var row = "%-10s %-10s %-6s %4s %-10s %-9s %6s  %-24s %s%n";
        var text = new StringBuilder(row.formatted(
                "subject", "night", "sex", "age", "lights off", "drug", "hours", "recording", "hypnogram"));
        for (var night : nights) {
            text.append(row.formatted(
                    Printable.line(night.subject()),
                    Printable.line(night.night()),
                    night.sex().map(sex -> sex.name().toLowerCase(Locale.ROOT)).orElse("?"),
                    night.ageYears().map(String::valueOf).orElse("?"),
                    night.lightsOff().orElse(""),
                    night.drug().orElse(""),
                    String.format(Locale.ROOT, "%.1f", night.hours()),
                    Printable.line(night.recording()),
                    Printable.line(night.hypnogram().orElse("none beside it"))));
        }
        notes.forEach(note -> text.append(note).append('\n'));
        return text.toString().stripTrailing();
    }

    private static Entry entry(Night night, Recording recording, Person header, Optional<NightDetails> details) {
        var listed = details.map(NightDetails::person).orElse(Person.UNKNOWN);
        return new Entry(
                night.subject(),
                night.night(),
                header.sex().or(listed::sex),
                header.ageYears().or(listed::ageYears),
                details.map(told -> told.lightsOff().toString()),
                details.flatMap(NightDetails::drug).map(drug -> drug.name().toLowerCase(Locale.ROOT)),
                recording.duration().toMillis() / 3_600_000.0,
                String.valueOf(night.recording().getFileName()),
                night.hypnogram().map(file -> String.valueOf(file.getFileName())));
    }

    /** A file under another's name looks like this. */
    private static Optional<String> disagreement(Night night, Person header, Person listed) {
        boolean sexes = header.sex().isPresent() && !header.sex().equals(listed.sex());
        boolean ages = header.ageYears().isPresent() && !header.ageYears().equals(listed.ageYears());
        return sexes || ages
                ? Optional.of(
                        "%s: its header tells of another sex or age than the table of subjects; the header's are shown"
                                .formatted(night.night()))
                : Optional.empty();
    }

    private static List<String> lost(List<Night> nights) {
        var there = new HashSet<String>();
        var subjects = new LinkedHashSet<String>();
        for (var night : nights) {
            there.add(night.night());
            subjects.add(night.subject());
        }
        var notes = new ArrayList<String>();
        for (var subject : subjects) {
            for (int number = 1; number <= 2; number++) {
                if (!there.contains(subject + number)) {
                    SleepEdf.whyMissing(subject + number).ifPresent(notes::add);
                }
            }
        }
        return notes;
    }
}
