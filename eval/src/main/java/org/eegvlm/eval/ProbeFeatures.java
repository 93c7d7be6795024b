package org.eegvlm.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.eegvlm.core.MalformedDataException;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.llava.FeatureRows;
import org.eegvlm.tensor.NpyFile;

/** Feature rows of question files: found by id where a sidecar tells the ids, else by place, as others keep them. */
interface ProbeFeatures {

    /** The row of the question at this place. */
    float[] row(int place) throws IOException;

    /**
     * @param npy [N, 1, width], N the number of questions
     * @throws MalformedDataException if rows and questions do not fit each other, or the model
     */
    static ProbeFeatures open(Path npy, int width, List<ProbeQuestion> questions) throws IOException {
        if (Files.exists(FeatureSidecar.beside(npy))) {
            var ids = questions.stream().map(ProbeQuestion::id).toList();
            var rows = FeatureRows.read(npy, width, ids);
            return place -> rows.row(ids.get(place));
        }
        var file = NpyFile.open(npy);
        var shape = file.shape();
        if (!Arrays.equals(shape, new long[] {questions.size(), 1, width})) {
            throw new MalformedDataException(
                    npy,
                    "has shape %s; %d questions to this model take [%d, 1, %d]"
                            .formatted(Arrays.toString(shape), questions.size(), questions.size(), width));
        }
        return place -> byPlace(file, questions.get(place), place);
    }

    private static float[] byPlace(NpyFile file, ProbeQuestion question, int place) throws IOException {
        int index = question.featureIndex().orElse(place);
        if (index < 0 || index >= file.rows()) {
            throw new MalformedDataException(
                    file.path(), "has no row %d, which question %s names".formatted(index, question.id()));
        }
        var row = file.row(index);
        for (float value : row) {
            if (!Float.isFinite(value)) {
                throw new MalformedDataException(file.path(), "row " + index, "holds " + value);
            }
        }
        return row;
    }
}
