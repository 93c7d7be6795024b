package org.eegvlm.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.eegvlm.core.io.Json;

/**
 * The body of {@code POST /v1/answers}. A picture, a window or both; a feature row instead of the vision module's own.
 *
 * @param image base64 of a PNG, JPEG or BMP
 * @param window samples to draw and encode
 * @param features a row as {@code export-features} writes it, standardised
 * @param question what to ask, without picture tags; the model's own question if absent
 * @param maxNewTokens where the answer is cut
 */
record AnswerRequest(
        Optional<String> image,
        Optional<Window> window,
        Optional<float[]> features,
        Optional<String> question,
        Optional<Integer> maxNewTokens) {

    /**
     * @param samples one channel {@code [...]} or several {@code [[...], ...]}
     * @param rateHz samples per second of every channel
     * @param unit {@code uV}, {@code mV} or {@code V}
     */
    record Window(JsonNode samples, double rateHz, String unit) {}

    static AnswerRequest parse(byte[] body) {
        try {
            var request = Json.MAPPER.readValue(body, AnswerRequest.class);
            if (request == null) {
                throw Refusal.malformed("the body is null; send a JSON object");
            }
            return request;
        } catch (JsonProcessingException e) {
            throw Refusal.malformed("the body is not the JSON expected here: " + place(e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the parser stopped; its own message would show class names. */
    private static String place(JsonProcessingException e) {
        var location = e.getLocation();
        return location == null
                ? "it does not fit"
                : "line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
    }
}
