package org.eegvlm.core.check;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.Progress;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.data.InstructionSample;
import org.eegvlm.core.data.ModelCard;
import org.eegvlm.core.data.Question;
import org.eegvlm.core.io.Json;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.core.manifest.EpochManifest;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.manifest.LeakageException;
import org.eegvlm.core.manifest.LeakageGate;
import org.eegvlm.core.manifest.Split;

/**
 * Looks for evaluation data in training: in the manifest, the pictures, the samples and questions, the feature rows, and
 * in what a vision module and a fine-tuned model say they have seen. Finds all there is instead of stopping at the first.
 */
public final class LeakageCheck {

    private static final int MOST_NAMED = 5;
    private static final String SAMPLES = "eeg_ft.json";
    private static final String QUESTIONS = "eeg_eval.jsonl";

    private final CheckConfig config;
    private final Progress progress;

    public LeakageCheck(CheckConfig config, Progress progress) {
        this.config = config;
        this.progress = progress;
    }

    /** Of a vision module's {@code config.json}, what matters here. */
    private record Encoder(List<String> trainedOnSubjects, List<String> validationSubjects) {
        Encoder {
            trainedOnSubjects = List.copyOf(trainedOnSubjects);
            validationSubjects = List.copyOf(validationSubjects);
        }
    }

    /**
     * Before a training: whether anybody is learnt from whom the manifest beside the samples keeps for evaluation. Says
     * nothing where no manifest is beside them, or no samples are there.
     *
     * @throws LeakageException if so
     */
    public static void beforeTraining(Path samples) throws IOException {
        var manifest = samples.resolveSibling("epochs.jsonl");
        if (Files.exists(manifest) && Files.exists(samples)) {
            var check = new LeakageCheck(CheckConfig.of(manifest), Progress.SILENT);
            var problems =
                    check.samples(samples, EpochManifest.records(manifest)).problems();
            if (!problems.isEmpty()) {
                throw new LeakageException(samples + ": " + problems.get(0));
            }
        }
    }

    /**
     * @throws IllegalArgumentException if a folder to check is not there
     * @throws org.eegvlm.core.MalformedDataException if a file breaks its format
     */
    public CheckReport run() throws IOException {
        config.vision().ifPresent(folder -> requireThere("vision module", folder));
        config.model().ifPresent(folder -> requireThere("model", folder));
        var epochs = EpochManifest.records(config.manifest());
        var checks = new ArrayList<CheckReport.Check>();
        checks.add(CheckReport.Check.of("subjects", subjects(epochs), LeakageGate.subjects(epochs)));
        checks.add(CheckReport.Check.of("recordings", nights(epochs), LeakageGate.recordings(epochs)));
        checks.add(pictures(epochs));
        if (Files.exists(beside(SAMPLES))) {
            checks.add(samples(beside(SAMPLES), epochs));
        }
        if (Files.exists(beside(QUESTIONS))) {
            checks.add(questions(beside(QUESTIONS), epochs));
        }
        for (var name : List.of("train_high_level_features", "eval_high_level_features")) {
            if (Files.exists(beside(name + ".json"))) {
                checks.add(rows(beside(name + ".json"), epochs, name.startsWith("train")));
            }
        }
        if (config.vision().isPresent()) {
            checks.add(encoder(config.vision().get(), epochs));
        }
        if (config.model().isPresent()) {
            checks.add(model(config.model().get(), epochs));
        }
        return new CheckReport(checks);
    }

    private static void requireThere(String what, Path folder) {
        require(Files.isDirectory(folder), "there is no %s folder %s; name another", what, folder);
    }

    private CheckReport.Check pictures(List<EpochRecord> epochs) throws IOException {
        var problems = new ArrayList<>(LeakageGate.pictures(epochs));
        boolean there = EpochManifest.hasPictures(config.manifest());
        boolean read = config.pictures() && there;
        for (int i = 0; read && i < epochs.size(); i++) {
            picture(epochs.get(i)).ifPresent(problems::add);
            progress.at("reading pictures", i + 1, epochs.size(), "");
        }
        if (config.pictures() && !there && samplesOrQuestionsNamePictures()) {
            problems.add("the pictures that %s and %s name are not there; render again".formatted(SAMPLES, QUESTIONS));
        }
        var how = read ? "read" : "by the manifest's hashes alone";
        return CheckReport.Check.of("pictures", "%d, %s".formatted(epochs.size(), how), shortened(problems));
    }

    private boolean samplesOrQuestionsNamePictures() throws IOException {
        var samples = beside(SAMPLES);
        var questions = beside(QUESTIONS);
        boolean learnt = Files.exists(samples)
                && InstructionSample.readAll(samples).stream()
                        .anyMatch(sample -> !sample.images().isEmpty());
        return learnt
                || Files.exists(questions)
                        && Question.readAll(questions).stream()
                                .anyMatch(question -> !question.images().isEmpty());
    }

    private Optional<String> picture(EpochRecord epoch) throws IOException {
        Path file;
        try {
            file = epoch.picture(config.manifest());
        } catch (MalformedDataException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        if (!Files.isRegularFile(file)) {
            return Optional.of("the picture %s is not there; render again".formatted(epoch.image()));
        }
        return Sha256.of(file).equals(epoch.sha256())
                ? Optional.empty()
                : Optional.of("%s is not the picture that the manifest names for %s; render again"
                        .formatted(epoch.image(), epoch.id()));
    }

    private CheckReport.Check samples(Path file, List<EpochRecord> epochs) throws IOException {
        var samples = InstructionSample.readAll(file);
        var splits = splits(epochs);
        var problems = new ArrayList<String>();
        for (var sample : samples) {
            if (splits.get(sample.id()) == Split.EVAL) {
                problems.add("sample %s is to be learnt, but is an evaluation epoch; build the data again"
                        .formatted(sample.id()));
            }
        }
        var learnt = new TreeSet<String>();
        samples.forEach(sample -> sample.subject().ifPresent(learnt::add));
        problems.addAll(seen("the samples are of", learnt, epochs));
        return CheckReport.Check.of(name(file), samples.size() + " samples", shortened(problems));
    }

    private static CheckReport.Check questions(Path file, List<EpochRecord> epochs) throws IOException {
        var questions = Question.readAll(file);
        var splits = splits(epochs);
        var learnt = subjectsOf(epochs, Split.TRAIN, Split.VALIDATION);
        var problems = questions.stream()
                .flatMap(question -> problem(question, Optional.ofNullable(splits.get(question.id())), learnt).stream())
                .toList();
        return CheckReport.Check.of(name(file), questions.size() + " questions", shortened(problems));
    }

    /** By the epoch as well as by the subject: files of others tell none, and names can differ. */
    private static Optional<String> problem(Question question, Optional<Split> split, Set<String> learnt) {
        var subject = Optional.ofNullable(question.subject());
        if (subject.filter(learnt::contains).isPresent()) {
            return Optional.of("question %s is about %s, who is for training; build the data again"
                    .formatted(question.id(), subject.get()));
        }
        if (split.isPresent() && split.get() != Split.EVAL) {
            return Optional.of("question %s is about an epoch of the split %s; build the data again"
                    .formatted(question.id(), split.get()));
        }
        return split.isEmpty() && subject.isEmpty()
                ? Optional.of("question %s is of no epoch in the manifest, and names no subject; build the data again"
                        .formatted(question.id()))
                : Optional.empty();
    }

    private static CheckReport.Check rows(Path file, List<EpochRecord> epochs, boolean train) throws IOException {
        var sidecar = Json.read(file, FeatureSidecar.class);
        var splits = splits(epochs);
        var problems = new ArrayList<String>();
        for (var id : sidecar.ids()) {
            var split = splits.get(id);
            if (split == null) {
                problems.add("row %s is of no epoch in the manifest; export again".formatted(id));
            } else if (train == (split == Split.EVAL)) {
                problems.add("row %s is of the split %s; export again".formatted(id, split));
            }
        }
        var known = sidecar.only(splits.keySet());
        known.outOfFold()
                .ifPresent(folds -> problems.addAll(LeakageGate.outOfFold(folds, known.ids(), subjectOfEach(epochs))));
        problems.addAll(seen("their vision module has seen", sidecar.trainedOnSubjects(), epochs));
        return CheckReport.Check.of(name(file), sidecar.ids().size() + " rows", shortened(problems));
    }

    private static CheckReport.Check encoder(Path folder, List<EpochRecord> epochs) throws IOException {
        var encoder = Json.read(folder.resolve("config.json"), Encoder.class);
        var seen = new TreeSet<>(encoder.trainedOnSubjects());
        seen.addAll(encoder.validationSubjects());
        return CheckReport.Check.of(
                folder.toString(),
                "a vision module that has seen %d subjects".formatted(seen.size()),
                seen("it has seen", seen, epochs));
    }

    private static CheckReport.Check model(Path folder, List<EpochRecord> epochs) throws IOException {
        var card = ModelCard.in(folder);
        if (card.isEmpty()) {
            return CheckReport.Check.unknown(folder.toString(), "a model that does not say whom it has seen");
        }
        var problems = new ArrayList<>(seen("it has seen", card.get().subjects(), epochs));
        problems.addAll(seen("its vision module has seen", card.get().encoderSubjects(), epochs));
        return CheckReport.Check.of(
                folder.toString(),
                "a model that has seen %d subjects"
                        .formatted(card.get().subjects().size()),
                problems);
    }

    /** A sentence if figures would be reported on somebody who was seen. */
    private static List<String> seen(String how, Collection<String> seen, List<EpochRecord> epochs) {
        var both = subjectsOf(
                epochs.stream().filter(epoch -> epoch.stage().isPresent()).toList(), Split.EVAL);
        both.retainAll(new HashSet<>(seen));
        return both.isEmpty() ? List.of() : List.of("%s evaluation subjects %s".formatted(how, both));
    }

    private static String subjects(List<EpochRecord> epochs) {
        return "%d to learn from, %d to choose among models, %d to evaluate"
                .formatted(
                        subjectsOf(epochs, Split.TRAIN).size(),
                        subjectsOf(epochs, Split.VALIDATION).size(),
                        subjectsOf(epochs, Split.EVAL).size());
    }

    private static String nights(List<EpochRecord> epochs) {
        return String.valueOf(
                epochs.stream().map(EpochRecord::recording).distinct().count());
    }

    private static Set<String> subjectsOf(List<EpochRecord> epochs, Split... splits) {
        var wanted = Set.of(splits);
        var names = new TreeSet<String>();
        epochs.stream().filter(epoch -> wanted.contains(epoch.split())).forEach(epoch -> names.add(epoch.subject()));
        return names;
    }

    private static Map<String, Split> splits(List<EpochRecord> epochs) {
        var splits = new HashMap<String, Split>();
        epochs.forEach(epoch -> splits.put(epoch.id(), epoch.split()));
        return splits;
    }

    private static Map<String, String> subjectOfEach(List<EpochRecord> epochs) {
        var subjects = new HashMap<String, String>();
        epochs.forEach(epoch -> subjects.put(epoch.id(), epoch.subject()));
        return subjects;
    }

    /** Where thousands of epochs have the same fault, some are named. */
    private static List<String> shortened(List<String> problems) {
        if (problems.size() <= MOST_NAMED) {
            return problems;
        }
        var some = new ArrayList<>(problems.subList(0, MOST_NAMED));
        some.add("and %d more like these".formatted(problems.size() - MOST_NAMED));
        return some;
    }

    private Path beside(String name) {
        return config.manifest().toAbsolutePath().resolveSibling(name);
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
