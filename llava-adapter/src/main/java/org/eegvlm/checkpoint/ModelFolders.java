package org.eegvlm.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the folder that a name means. Nothing is downloaded: a model of the Hub, {@code openai/clip-vit-large-patch14-336},
 * means a folder of that name which is on this computer already.
 *
 * <p>Looked at, in this order: the name as a path; beside the model that gives the name; {@code $EEGVLM_HOME/models}, by
 * default {@code ~/.eegvlm/models}, with and without the organisation; the cache of Hugging Face.
 */
public final class ModelFolders {

    private static final Logger log = LoggerFactory.getLogger(ModelFolders.class);

    /** {@code organisation/name} or {@code name}, as the Hub allows them. */
    private static final Pattern HUB_ID = Pattern.compile("(?:\\w[\\w.-]{0,95}/)?\\w[\\w.-]{0,95}");

    private static final Pattern REVISION = Pattern.compile("\\w{1,64}");
    private static final int LONGEST_REVISION = 256;

    private final Path models;
    private final Path cache;

    /** @param home of the user, below which the defaults lie */
    ModelFolders(Map<String, String> environment, Path home) {
        models = Optional.ofNullable(environment.get("EEGVLM_HOME"))
                .map(Path::of)
                .orElse(home.resolve(".eegvlm"))
                .resolve("models");
        cache = Optional.ofNullable(environment.get("HF_HUB_CACHE"))
                .map(Path::of)
                .or(() -> Optional.ofNullable(environment.get("HF_HOME")).map(folder -> Path.of(folder, "hub")))
                .orElse(home.resolve(Path.of(".cache", "huggingface", "hub")));
    }

    private static ModelFolders here() {
        return new ModelFolders(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /**
     * The folder of that name, or the file where it is a path to one.
     *
     * @param beside folders of models that give the name
     * @throws IllegalArgumentException in one line that tells where it was looked for, and how to get it
     */
    public static Path resolve(String name, Path... beside) throws IOException {
        var here = here();
        return here.find(name, beside).orElseThrow(() -> new IllegalArgumentException(here.advice(name, beside)));
    }

    /** The same, but empty where there is none; {@link #missing} then tells what {@link #resolve} would. */
    public static Optional<Path> found(String name, Path... beside) throws IOException {
        return here().find(name, beside);
    }

    /** That there is no such folder, where it was looked for, and how to get it. */
    public static String missing(String name, Path... beside) {
        return here().advice(name, beside);
    }

    Optional<Path> find(String name, Path... beside) throws IOException {
        if (name.isBlank()) {
            return Optional.empty();
        }
        var asPath = path(name);
        if (asPath.isPresent() && Files.exists(asPath.get())) {
            return asPath;
        }
        for (var candidate : candidates(name, beside)) {
            if (Files.isDirectory(candidate)) {
                return Optional.of(taken(name, candidate));
            }
        }
        return isHubId(name) ? cached(name).map(folder -> taken(name, folder)) : Optional.empty();
    }

    String advice(String name, Path... beside) {
        if (!isHubId(name)) {
            return "no model folder " + name;
        }
        var places = Stream.concat(
                        candidates(name, beside).stream().map(Path::toString), Stream.of(inCache(name) + "/snapshots"))
                .collect(Collectors.joining(", "));
        return "no model folder '%s', neither as a path nor in %s; download it with 'huggingface-cli download %s'"
                .formatted(name, places, name);
    }

    private List<Path> candidates(String name, Path... beside) {
        var candidates = new ArrayList<Path>();
        var path = path(name);
        if (path.isEmpty() || path.get().isAbsolute()) {
            return candidates;
        }
        for (var model : beside) {
            candidates.add(model.resolve(path.get()).normalize());
            if (isHubId(name)) {
                candidates.add(model.resolve(path.get().getFileName()));
                candidates.add(model.toAbsolutePath()
                        .normalize()
                        .resolveSibling(path.get().getFileName()));
            }
        }
        if (isHubId(name)) {
            candidates.add(models.resolve(path.get()));
            candidates.add(models.resolve(path.get().getFileName()));
        }
        return candidates.stream().distinct().toList();
    }

    private Optional<Path> cached(String name) throws IOException {
        var repository = inCache(name);
        var main = repository.resolve("refs").resolve("main");
        if (!Files.isRegularFile(main) || Files.size(main) > LONGEST_REVISION) {
            return Optional.empty();
        }
        var revision = Files.readString(main).strip();
        var folder = repository.resolve("snapshots").resolve(revision);
        return REVISION.matcher(revision).matches() && Files.isDirectory(folder)
                ? Optional.of(folder)
                : Optional.empty();
    }

    private Path inCache(String name) {
        return cache.resolve("models--" + name.replace("/", "--"));
    }

    private static Path taken(String name, Path folder) {
        // What a path names is where it says; a name of the hub may be in several places.
        if (name.contains("/") && !name.startsWith(".") && !folder.equals(Path.of(name))) {
            log.info("{} is {}", name, folder);
        }
        return folder;
    }

    private static boolean isHubId(String name) {
        return HUB_ID.matcher(name).matches() && !name.contains("..");
    }

    private static Optional<Path> path(String name) {
        try {
            return Optional.of(Path.of(name));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
