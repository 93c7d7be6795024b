package org.eegvlm.server;

import java.nio.file.Path;
import java.util.Optional;
import org.eegvlm.checkpoint.LoadOptions;

/**
 * What is served, where, and how much of it.
 *
 * @param host where to listen; anything but the loopback opens the server to others, and it asks nobody who they are
 * @param port 0 takes any free one
 */
public record ServerConfig(String host, int port, Models models, Limits limits) {

    public static final String LOOPBACK = "127.0.0.1";
    public static final int PORT = 8001;

    /**
     * @param path a full model, or a LoRA folder
     * @param base what a LoRA folder was trained on
     * @param vision folder of the vision module; without it only feature rows are taken
     * @param load how the model is put into memory; the vision module goes to the first of its devices
     */
    public record Models(Path path, Optional<Path> base, Optional<Path> vision, LoadOptions load) {}

    /**
     * How much one request may ask for.
     *
     * @param bodyBytes of the whole request
     * @param picturePixels of one picture, known before it is decoded
     * @param windowSamples of all channels together
     * @param questionCharacters of the question
     * @param newTokens of the answer
     * @param waiting requests that may wait for the model; the next is turned away
     */
    public record Limits(
            int bodyBytes, int picturePixels, int windowSamples, int questionCharacters, int newTokens, int waiting) {

        public static final Limits DEFAULT = new Limits(8 << 20, 4 << 20, 1 << 18, 4000, 256, 32);

        public Limits withBodyBytes(int bytes) {
            return new Limits(bytes, picturePixels, windowSamples, questionCharacters, newTokens, waiting);
        }
    }

    public ServerConfig {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be in 0..65535, was " + port);
        }
    }

    /** On the loopback, on the CPU, within the default limits. */
    public static ServerConfig of(Path modelPath, Optional<Path> modelBase, Path vision) {
        var models = new Models(modelPath, modelBase, Optional.of(vision), LoadOptions.on("cpu"));
        return new ServerConfig(LOOPBACK, PORT, models, Limits.DEFAULT);
    }

    public ServerConfig withPort(int other) {
        return new ServerConfig(host, other, models, limits);
    }

    public ServerConfig withLimits(Limits other) {
        return new ServerConfig(host, port, models, other);
    }
}
