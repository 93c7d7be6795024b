package org.eegvlm.core.night;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tables of subjects that lie with some nights: beside their folder, as PhysioNet keeps them, or in it. */
final class SubjectTables {

    private final Map<String, NightDetails> nights = new HashMap<>();

    private SubjectTables() {}

    static SubjectTables of(List<Night> nights) throws IOException {
        var tables = new SubjectTables();
        Set<Path> read = new HashSet<>();
        for (var night : nights) {
            var folder = night.recording().toAbsolutePath().normalize().resolveSibling("");
            for (var study : SleepEdf.Study.values()) {
                for (var file : List.of(folder.resolve(study.table()), folder.resolveSibling(study.table()))) {
                    if (night.night().startsWith(study.name()) && Files.isRegularFile(file) && read.add(file)) {
                        tables.nights.putAll(SubjectTable.read(file, study));
                    }
                }
            }
        }
        return tables;
    }

    /** Nothing where no table lists the night. */
    Optional<NightDetails> night(String name) {
        return Optional.ofNullable(nights.get(name));
    }
}
