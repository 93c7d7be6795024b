package org.eegvlm.core.night;

import static org.eegvlm.core.edf.Person.Sex.FEMALE;
import static org.eegvlm.core.edf.Person.Sex.MALE;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.ss.usermodel.Cell;
import org.apache.poi.ss.usermodel.CellType;
import org.apache.poi.ss.usermodel.Row;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.edf.Person;
import org.eegvlm.core.night.NightDetails.Drug;
import org.jspecify.annotations.Nullable;

/**
 * Sleep-EDF's tables {@code SC-subjects.xls} and {@code ST-subjects.xls}: who slept, when the lights went off, and, of
 * telemetry, what the subject had taken. The two say the sexes by opposite numbers.
 */
final class SubjectTable {

    private static final long MOST_BYTES = 1 << 20; // PhysioNet's have 30 kB
    private static final int OLDEST = 150;
    private static final int SECONDS_A_DAY = 86_400;

    private static final List<String> CASSETTE = List.of("subject", "night", "age", "sex (f=1)", "lightsoff");
    private static final List<String> TELEMETRY =
            List.of("nr", "age", "m1/f2", "night nr", "lights off", "night nr", "lights off");

    private final Path file;
    private final Map<String, NightDetails> nights = new TreeMap<>();

    private SubjectTable(Path file) {
        this.file = file;
    }

    /** By night, {@code SC4001}. @throws MalformedDataException if it is no such table */
    static Map<String, NightDetails> read(Path file, SleepEdf.Study study) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new MalformedDataException(file, "is larger than any table of subjects; fetch it again");
        }
        var table = new SubjectTable(file);
        var rows = rows(file);
        switch (study) {
            case SC -> table.readCassette(rows);
            case ST -> table.readTelemetry(rows);
        }
        return table.nights;
    }

    private static List<Row> rows(Path file) throws IOException {
        var bytes = new ByteArrayInputStream(Files.readAllBytes(file));
        try (var book = new HSSFWorkbook(bytes)) {
            var rows = new ArrayList<Row>();
            book.getSheetAt(0).forEach(rows::add);
            return rows;
        } catch (IOException | RuntimeException e) { // of many kinds, wherever the workbook is broken
            throw new MalformedDataException(file, "is no Excel 97 workbook: " + e.getMessage());
        }
    }

    private void readCassette(List<Row> rows) throws MalformedDataException {
        for (var row : below(rows, 0, CASSETTE)) {
            var person = person(row, 2, 3, FEMALE, MALE);
            put("SC4", row, 1, new NightDetails(person, clock(row, 4), Optional.empty()));
        }
    }

    private void readTelemetry(List<Row> rows) throws MalformedDataException {
        for (var row : below(rows, 1, TELEMETRY)) {
            var person = person(row, 1, 2, MALE, FEMALE);
            put("ST7", row, 3, new NightDetails(person, clock(row, 4), Optional.of(Drug.PLACEBO)));
            put("ST7", row, 5, new NightDetails(person, clock(row, 6), Optional.of(Drug.TEMAZEPAM)));
        }
    }

    private List<Row> below(List<Row> rows, int heading, List<String> columns) throws MalformedDataException {
        var there = rows.size() > heading ? texts(rows.get(heading)) : List.<String>of();
        if (!there.equals(columns)) {
            throw new MalformedDataException(
                    file, "row " + (heading + 1), "has the columns %s, not %s".formatted(there, columns));
        }
        // A row of empty cells is there if somebody coloured it.
        return rows.stream()
                .skip(heading + 1L)
                .filter(row -> !texts(row).isEmpty())
                .toList();
    }

    private static List<String> texts(Row row) {
        var texts = new ArrayList<String>();
        row.forEach(cell -> texts.add(cell.toString().strip().toLowerCase(Locale.ROOT)));
        texts.removeIf(String::isEmpty);
        return texts;
    }

    private void put(String study, Row row, int nightColumn, NightDetails details) throws MalformedDataException {
        var night = "%s%02d%d".formatted(study, number(row, 0, 0, 99), number(row, nightColumn, 1, 2));
        if (nights.put(night, details) != null) {
            throw new MalformedDataException(file, place(row), "is the second of the night " + night);
        }
    }

    private Person person(Row row, int ageColumn, int sexColumn, Person.Sex one, Person.Sex two)
            throws MalformedDataException {
        var sex = number(row, sexColumn, 1, 2) == 1 ? one : two;
        return new Person(Optional.of(sex), Optional.of(number(row, ageColumn, 0, OLDEST)));
    }

    /** Excel's time of day is a share of the day. */
    private LocalTime clock(Row row, int column) throws MalformedDataException {
        var cell = row.getCell(column);
        if (!isNumber(cell) || cell.getNumericCellValue() < 0 || cell.getNumericCellValue() > 1) {
            throw new MalformedDataException(file, place(row), "column %d is no time of day".formatted(column + 1));
        }
        return LocalTime.ofSecondOfDay(Math.round(cell.getNumericCellValue() * SECONDS_A_DAY) % SECONDS_A_DAY);
    }

    private int number(Row row, int column, int least, int most) throws MalformedDataException {
        var cell = row.getCell(column);
        double value = isNumber(cell) ? cell.getNumericCellValue() : Double.NaN;
        if (!(least <= value && value <= most) || value != Math.rint(value)) {
            throw new MalformedDataException(
                    file, place(row), "column %d is no whole number from %d to %d".formatted(column + 1, least, most));
        }
        return (int) value;
    }

    private static boolean isNumber(@Nullable Cell cell) {
        return cell != null && cell.getCellType() == CellType.NUMERIC;
    }

    private static String place(Row row) {
        return "row " + (row.getRowNum() + 1);
    }
}
