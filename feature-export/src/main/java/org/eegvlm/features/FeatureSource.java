package org.eegvlm.features;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.eegvlm.core.data.FeatureSidecar;
import org.eegvlm.core.data.FeatureSidecar.Standardization;
import org.eegvlm.core.io.Json;

/**
 * Where features come from.
 *
 * @param encoder SHA-256 of the vision module's weights
 * @param renderSpec SHA-256 of the spec of the pictures
 * @param trainedOnSubjects whom the vision module has seen in training
 */
record FeatureSource(String encoder, String renderSpec, List<String> trainedOnSubjects) {

    FeatureSource {
        trainedOnSubjects = List.copyOf(trainedOnSubjects);
    }

    /** Writes what a {@link FeatureSidecar} of these rows says, byte for byte, without holding their ids. */
    void writeSidecar(Path file, RowPlan rows, Standardization standardization) throws IOException {
        Json.write(file, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("ids");
            for (var part : rows.parts()) {
                writeIds(json, rows, part);
            }
            json.writeEndArray();
            json.writeStringField("encoder", encoder);
            json.writeStringField("render_spec", renderSpec);
            json.writeObjectField("trained_on_subjects", trainedOnSubjects);
            if (rows.isOutOfFold()) {
                json.writeObjectFieldStart("out_of_fold");
                writeEncoders(json, rows);
                json.writeEndObject();
            }
            json.writeObjectField("standardization", standardization);
            json.writeEndObject();
        });
    }

    private static void writeIds(JsonGenerator json, RowPlan rows, RowPlan.Part part) throws IOException {
        try (var epochs = rows.read(part)) {
            for (var epoch = epochs.next(); epoch.isPresent(); epoch = epochs.next()) {
                json.writeString(epoch.get().id());
            }
        }
    }

    private static void writeEncoders(JsonGenerator json, RowPlan rows) throws IOException {
        json.writeObjectField("encoders", rows.encoders());
        json.writeArrayFieldStart("encoder_of_row");
        for (int place = 0; place < rows.parts().size(); place++) {
            int size = rows.size(rows.parts().get(place));
            for (int n = 0; n < size; n++) {
                json.writeNumber(place);
            }
        }
        json.writeEndArray();
    }
}
