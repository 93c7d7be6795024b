package org.eegvlm.core.night;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eegvlm.core.edf.EdfRecording;
import org.eegvlm.core.edf.Person;
import org.eegvlm.core.io.Printable;

/**
 * Nights at a glance: whose they are, how long, and which of Sleep-EDF's are known to be lost. Reads headers only.
 *
 * @param nights by name
 * @param notes a sentence for each night of these subjects that was lost
 */
public record NightOverview(List<Entry> nights, List<String> notes) {

    public NightOverview {
        nights = List.copyOf(nights);
        notes = List.copyOf(notes);
    }

    /**
     * One night.
     *
     * @param hours recorded
     * @param hypnogram the file of its scoring; empty where the recording holds its own, or nobody scored
     */
    public record Entry(
            String subject,
            String night,
            Optional<Person.Sex> sex,
            Optional<Integer> ageYears,
            double hours,
            String recording,
            Optional<String> hypnogram) {}

    public static NightOverview of(List<Night> nights) throws IOException {
        var entries = new ArrayList<Entry>();
        for (var night : nights) {
            entries.add(entry(night));
        }
        return new NightOverview(entries, lost(nights));
    }

    /** For a terminal. */
    public String table() {
        var row = "%-10s %-10s %-6s %4s %6s  %-24s %s%n";
        var text =
                new StringBuilder(row.formatted("subject", "night", "sex", "age", "hours", "recording", "hypnogram"));
        for (var night : nights) {
            text.append(row.formatted(
                    Printable.line(night.subject()),
                    Printable.line(night.night()),
                    night.sex().map(sex -> sex.name().toLowerCase(Locale.ROOT)).orElse("?"),
                    night.ageYears().map(String::valueOf).orElse("?"),
                    String.format(Locale.ROOT, "%.1f", night.hours()),
                    Printable.line(night.recording()),
                    Printable.line(night.hypnogram().orElse("none beside it"))));
        }
        notes.forEach(note -> text.append(note).append('\n'));
        return text.toString().stripTrailing();
    }

    private static Entry entry(Night night) throws IOException {
        try (var recording = night.open()) {
            var person = recording instanceof EdfRecording edf ? edf.header().person() : Person.UNKNOWN;
            return new Entry(
                    night.subject(),
                    night.night(),
                    person.sex(),
                    person.ageYears(),
                    recording.duration().toMillis() / 3_600_000.0,
                    String.valueOf(night.recording().getFileName()),
                    night.hypnogram().map(file -> String.valueOf(file.getFileName())));
        }
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
