package org.eegvlm.vision.render;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import org.eegvlm.core.io.Sha256;
import org.eegvlm.core.manifest.EpochRecord;
import org.eegvlm.core.night.TextFormat;
import org.eegvlm.core.signal.Window;

/** Draws one night: reads its samples in order, draws many epochs side by side, and lists them in order. */
final class NightRendering {

    /** How many epochs' samples are in memory at a time. */
    private static final int CHUNK = 64;

    private final RenderOutput output;
    private final EpochRenderer renderer;
    private final ExecutorService workers;

    NightRendering(RenderOutput output, EpochRenderer renderer, ExecutorService workers) {
        this.output = output;
        this.renderer = renderer;
        this.workers = workers;
    }

    List<EpochRecord> run(NightPlan plan) throws IOException {
        var records = new ArrayList<EpochRecord>();
        try (var recording = plan.night().open()) {
            var spec = renderer.spec();
            var epochs = new EpochWindows(recording, spec.channels(), spec);
            for (int from = 0; from < plan.items().size(); from += CHUNK) {
                var items = plan.items()
                        .subList(from, Math.min(from + CHUNK, plan.items().size()));
                var drawings = new ArrayList<Callable<EpochRecord>>();
                for (var item : items) {
                    var windows = epochs.read(item.epoch() * spec.epochSeconds());
                    drawings.add(() -> draw(plan, item, windows));
                }
                records.addAll(all(drawings));
            }
        }
        return records;
    }

    private EpochRecord draw(NightPlan plan, NightPlan.Item item, List<Window> windows) throws IOException {
        var png = renderer.render(windows).png();
        var name = plan.id(item) + ".png";
        output.write(plan.split(), name, png);
        var spec = renderer.spec();
        return new EpochRecord(
                plan.id(item),
                plan.night().subject(),
                plan.night().night(),
                item.epoch(),
                item.epoch() * spec.epochSeconds(),
                spec.epochSeconds(),
                item.stage(),
                plan.split(),
                plan.split().pictureFolder() + "/" + name,
                Sha256.of(png),
                spec.sha256(),
                recording(plan),
                plan.night().text().flatMap(TextFormat::signal),
                spec.channels(),
                plan.simulated());
    }

    private String recording(NightPlan plan) {
        Path recording = plan.night().recording().toAbsolutePath().normalize();
        return recording.startsWith(output.folder())
                ? output.folder().relativize(recording).toString()
                : recording.toString();
    }

    private <T> List<T> all(List<Callable<T>> tasks) throws IOException {
        try {
            var results = new ArrayList<T>();
            for (var future : workers.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while rendering", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
