package org.eegvlm.core.manifest;

import static org.eegvlm.core.Preconditions.require;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eegvlm.core.Progress;
import org.eegvlm.core.io.Output;

/**
 * Makes data folders that have the pictures of a rendered one, and other splits: each has {@code epochs.jsonl}, {@code
 * render.json} and, if the rendered one has them, the two folders of pictures, as if it had been rendered so. Pictures
 * are linked, and copied where the file system has no links. All folders appear at once, or none.
 */
public final class Splitting {

    private static final String MANIFEST = "epochs.jsonl";
    private static final String SPEC = "render.json";

    private final SplitConfig config;
    private final Progress progress;

    public Splitting(SplitConfig config, Progress progress) {
        this.config = config;
        this.progress = progress;
    }

    /**
     * @return the manifest of each folder that was made, by the folder
     * @throws IllegalArgumentException if the plan does not suit the subjects, or the output holds the rendered folder
     * @throws org.eegvlm.core.io.OutputExistsException if the output exists and may not be replaced
     * @throws LeakageException if a picture would be in two splits
     */
    public Map<Path, EpochManifest> run() throws IOException {
        var rendered = config.manifest().toAbsolutePath().normalize();
        var manifest = EpochManifest.read(rendered);
        var splits = config.plan().of(manifest.subjects(Split.values()));
        var target = config.output().toAbsolutePath().normalize();
        require(
                !Files.exists(target) || !rendered.toRealPath().startsWith(target.toRealPath()),
                "%s holds the pictures to split; choose a folder beside it or in it",
                target);
        var output = Output.begin(target, config.overwrite());
        Output.deleteTree(output.partial());
        var made = new LinkedHashMap<Path, EpochManifest>();
        for (var folder : splits.entrySet()) {
            var partial = output.partial().resolve(folder.getKey()).normalize();
            var split = write(rendered, manifest, folder.getValue(), partial);
            made.put(config.output().resolve(folder.getKey()).normalize(), split);
            progress.at("linking pictures", made.size(), splits.size(), folder.getKey());
        }
        output.finish();
        return made;
    }

    private static EpochManifest write(Path rendered, EpochManifest manifest, Map<String, Split> splits, Path folder)
            throws IOException {
        var epochs = new ArrayList<EpochRecord>();
        for (var epoch : manifest.records()) {
            var split = splits.get(epoch.subject());
            if (split == null) {
                throw new IllegalStateException("the plan has no split for subject " + epoch.subject());
            }
            var name = Path.of(epoch.image()).getFileName();
            var recording = rendered.resolveSibling(epoch.recording()).normalize();
            epochs.add(epoch.in(split, split.pictureFolder() + "/" + name, recording.toString()));
        }
        var other = new EpochManifest(epochs);
        Files.createDirectories(folder);
        if (EpochManifest.hasPictures(rendered)) {
            for (var split : Split.values()) {
                Files.createDirectories(folder.resolve(split.pictureFolder()));
            }
            for (int i = 0; i < epochs.size(); i++) {
                link(
                        manifest.records().get(i).picture(rendered),
                        folder.resolve(epochs.get(i).image()));
            }
        }
        Files.copy(rendered.resolveSibling(SPEC), folder.resolve(SPEC));
        other.write(folder.resolve(MANIFEST));
        return other;
    }

    private static void link(Path picture, Path place) throws IOException {
        require(Files.isRegularFile(picture), "there is no picture %s; render again", picture);
        try {
            Files.createLink(place, picture);
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(picture, place);
        }
    }
}
