package org.eegvlm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.eegvlm.core.io.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SleepServerTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final List<Double> WINDOW =
            IntStream.range(0, 3000).mapToObj(i -> 40 * Math.sin(i / 8.0)).toList();

    private static TinyModels models;
    private static SleepServer server;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        models = TinyModels.make(folder);
        server = SleepServer.start(config());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void tellsThatItIsWellAndWhoAnswers() throws Exception {
        var response = CLIENT.send(HttpRequest.newBuilder(address("/health")).build(), BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(200);
        var health = Json.MAPPER.readTree(response.body());
        assertThat(health.at("/status").asText()).isEqualTo("ok");
        assertThat(health.at("/model/id").asText()).isEqualTo("tiny-llava");
        assertThat(health.at("/model/simulated").asBoolean()).isTrue();
    }

    @Test
    void answersAboutAWindow() throws Exception {
        var response = post(Map.of("window", window(WINDOW, "uV"), "max_new_tokens", 4));

        assertThat(response.statusCode()).isEqualTo(200);
        var reply = Json.MAPPER.readTree(response.body());
        assertThat(reply.has("answer")).isTrue();
        assertThat(reply.at("/model/feature_mode").asText()).isEqualTo("fuse");
        assertThat(reply.at("/notice").asText()).isEqualTo("For research, not for diagnosis.");
        assertThat(sum(reply.at("/probabilities"))).isCloseTo(1, within(1e-6));
    }

    @Test
    void readsTheSameWindowInAnyUnit() throws Exception {
        var inVolts = WINDOW.stream().map(microvolts -> microvolts / 1e6).toList();

        var microvolts = post(Map.of("window", window(WINDOW, "uV"), "max_new_tokens", 4));
        var volts = post(Map.of("window", window(inVolts, "V"), "max_new_tokens", 4));

        assertThat(volts.statusCode()).isEqualTo(200);
        assertThat(volts.body()).isEqualTo(microvolts.body());
    }

    @Test
    void answersAboutAPictureAndAFeatureRow() throws Exception {
        var response = post(Map.of(
                "image",
                png(224, 224),
                "features",
                Collections.nCopies(TinyModels.FEATURES, 0.5),
                "question",
                "Which stage?",
                "max_new_tokens",
                4));

        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void encodesAPictureThatComesAlone() throws Exception {
        assertThat(post(Map.of("image", png(224, 224), "max_new_tokens", 4)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void answersTheSameToClientsThatAskAtOnce() {
        var body = json(Map.of("window", window(WINDOW, "uV"), "max_new_tokens", 4));

        var replies = IntStream.range(0, 6)
                .mapToObj(i -> CLIENT.sendAsync(request(BodyPublishers.ofString(body)), BodyHandlers.ofString()))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .map(HttpResponse::body)
                .distinct();

        assertThat(replies).hasSize(1);
    }

    @Test
    void refusesWhatIsNoJson() throws Exception {
        var response = send(BodyPublishers.ofString("{\"image\": "));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(error(response)).contains("line 1").doesNotContain("org.eegvlm");
    }

    @Test
    void refusesABodyOverTheLimit() throws Exception {
        var response = send(BodyPublishers.ofByteArray(new byte[9 << 20]));

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(error(response)).contains("bytes");
    }

    @Test
    void refusesABodyOverTheLimitThatDoesNotTellItsLength() throws Exception {
        var endless = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[9 << 20]));

        assertThat(send(endless).statusCode()).isEqualTo(413);
    }

    @Test
    void refusesAPictureWithTooManyPixelsBeforeItDecodesThem() throws Exception {
        var response = post(Map.of("image", png(4096, 1025)));

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(error(response)).contains("pixels");
    }

    @Test
    void refusesWhatIsNoPicture() throws Exception {
        var response = post(Map.of("image", Base64.getEncoder().encodeToString("no picture".getBytes())));

        assertThat(response.statusCode()).isEqualTo(422);
    }

    @Test
    void refusesWhatIsNotBase64() throws Exception {
        assertThat(post(Map.of("image", "###")).statusCode()).isEqualTo(400);
    }

    @Test
    void refusesARateAtWhichTheWindowWouldLastForDays() throws Exception {
        var window = window(WINDOW, "uV");
        window.put("rate_hz", 0.01);

        var response = post(Map.of("window", window));

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(error(response)).contains("3000 samples", "at 0.01 Hz");
    }

    @Test
    void refusesAWindowOfAnotherLength() throws Exception {
        var response = post(Map.of("window", window(WINDOW.subList(0, 1000), "uV")));

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(error(response)).contains("1000 samples", "3000");
    }

    @Test
    void refusesAnUnknownUnit() throws Exception {
        var response = post(Map.of("window", window(WINDOW, "furlong")));

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(error(response)).contains("uV, mV or V");
    }

    @Test
    void refusesASampleThatIsNoNumber() throws Exception {
        var response = post(Map.of("window", window(Collections.nCopies(3000, "NaN"), "uV")));

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(error(response)).contains("sample 0");
    }

    @Test
    void refusesAFeatureRowOfAnotherWidth() throws Exception {
        var response = post(Map.of("image", png(224, 224), "features", List.of(1, 2, 3)));

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(error(response)).contains("3 numbers", "1024");
    }

    @Test
    void refusesFeaturesWithoutAPicture() throws Exception {
        var response = post(Map.of("features", Collections.nCopies(TinyModels.FEATURES, 0.5)));

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(error(response)).contains("image");
    }

    @Test
    void refusesAQuestionLongerThanTheModelReads() throws Exception {
        var response = post(Map.of("image", png(224, 224), "question", "x y ".repeat(900)));

        assertThat(response.statusCode()).isEqualTo(422);
    }

    @Test
    void refusesTooManyNewTokens() throws Exception {
        assertThat(post(Map.of("image", png(224, 224), "max_new_tokens", 100_000))
                        .statusCode())
                .isEqualTo(422);
    }

    @Test
    void tellsWhatThereIsToAnybodyLost() throws Exception {
        var response = CLIENT.send(HttpRequest.newBuilder(address("/nothing")).build(), BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(error(response)).contains("/v1/answers");
    }

    @Test
    void tellsWhenItsPortIsTaken() {
        var taken = config().withPort(server.port());

        assertThatThrownBy(() -> SleepServer.start(taken))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(String.valueOf(server.port()));
    }

    private static ServerConfig config() {
        return ServerConfig.of(models.language(), Optional.empty(), models.vision())
                .withPort(0);
    }

    private static Map<String, Object> window(List<?> samples, String unit) {
        var window = new LinkedHashMap<String, Object>();
        window.put("samples", samples);
        window.put("rate_hz", 100);
        window.put("unit", unit);
        return window;
    }

    private static String png(int width, int height) throws IOException {
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png", bytes);
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static HttpResponse<String> post(Map<String, ?> body) throws IOException, InterruptedException {
        return send(BodyPublishers.ofString(json(body)));
    }

    private static String json(Map<String, ?> body) {
        return Json.line(body);
    }

    private static HttpResponse<String> send(BodyPublisher body) throws IOException, InterruptedException {
        return CLIENT.send(request(body), BodyHandlers.ofString());
    }

    private static HttpRequest request(BodyPublisher body) {
        return HttpRequest.newBuilder(address("/v1/answers"))
                .header("Content-Type", "application/json")
                .POST(body)
                .build();
    }

    private static URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private static String error(HttpResponse<String> response) throws IOException {
        return Json.MAPPER.readTree(response.body()).at("/error").asText();
    }

    private static double sum(JsonNode numbers) {
        double sum = 0;
        for (var number : numbers) {
            sum += number.asDouble();
        }
        return sum;
    }
}
