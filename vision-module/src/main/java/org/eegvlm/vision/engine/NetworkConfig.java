package org.eegvlm.vision.engine;

import static org.eegvlm.core.Preconditions.require;

import java.util.List;

/**
 * Which network it is and how large, apart from any engine; stored with its weights.
 *
 * @param architecture the backbone's name, as in {@code --backbone}
 * @param widths channels of each stage, or the one width of a network of equal blocks
 * @param depths how many blocks each stage has
 * @param inputSize pixels a side of the pictures it takes
 * @param channels of a picture: 3, its colours
 * @param featureSize how many numbers it makes of a picture
 */
public record NetworkConfig(
        String architecture, List<Integer> widths, List<Integer> depths, int inputSize, int channels, int featureSize) {

    /** The width of CLIP ViT-L, for which LLaVA-1.5's projector is made. */
    public static final int FEATURES = 1024;

    /** In the weights' names: what makes features of a backbone's output, where it does not do so itself. */
    public static final String PROJECTION = "projection";

    /** In the weights' names: what makes stages of features. */
    public static final String CLASSIFIER = "classifier";

    private static final int COLOURS = 3;

    public NetworkConfig {
        require(!architecture.isBlank(), "a network needs its architecture's name");
        require(!widths.isEmpty(), "a network needs at least one stage");
        require(
                widths.size() == depths.size(),
                "a width and a depth each stage, were %s and %s".formatted(widths, depths));
        require(widths.stream().allMatch(width -> width > 0), "widths must be positive, were " + widths);
        require(depths.stream().allMatch(depth -> depth > 0), "depths must be positive, were " + depths);
        require(inputSize > 0, "the input size must be positive, was " + inputSize);
        require(channels > 0, "channels must be positive, were " + channels);
        require(featureSize > 0, "the feature size must be positive, was " + featureSize);
        widths = List.copyOf(widths);
        depths = List.copyOf(depths);
    }

    /** A network that turns colour pictures into {@link #FEATURES} numbers. */
    public static NetworkConfig of(String architecture, List<Integer> widths, List<Integer> depths, int inputSize) {
        return new NetworkConfig(architecture, widths, depths, inputSize, COLOURS, FEATURES);
    }

    /** @throws IllegalArgumentException if it takes no such pictures */
    public void requireFor(PictureBatch pictures) {
        int side = pictures.picture().size();
        require(
                side == inputSize && channels == COLOURS,
                "a network for pictures of %d x %d in %d channels takes none of %d x %d in %d"
                        .formatted(inputSize, inputSize, channels, side, side, COLOURS));
    }

    /** How many numbers a picture of its size is. */
    public long pictureNumbers() {
        return (long) channels * inputSize * inputSize;
    }

    /** Of the backbone's output. */
    public int width() {
        return widths.get(widths.size() - 1);
    }

    /** Whether the backbone's output is no feature yet: a linear layer brings it to the feature size. */
    public boolean projects() {
        return width() != featureSize;
    }
}
