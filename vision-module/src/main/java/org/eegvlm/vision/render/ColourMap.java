package org.eegvlm.vision.render;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/** Colours for a value between 0 and 1. */
public enum ColourMap {
    /** Dark blue to yellow, equal steps look equal, to the colour-blind too (Smith and van der Walt 2015; CC0). */
    VIRIDIS,
    /** Black to pale yellow through violet, of the same authors. */
    MAGMA,
    /** The rainbow that sleep laboratories are used to; its yellow stands out, whatever the values. */
    JET;

    private static final int STEPS = 256;

    /** {@value #STEPS} colours of red, green and blue. */
    byte[] rgb() {
        return this == JET ? jet() : read();
    }

    private byte[] read() {
        var name = name().toLowerCase(Locale.ROOT) + ".hex";
        try (var in = ColourMap.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the jar");
            }
            var text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Trapezia of blue, green and red, one after the other. */
    private static byte[] jet() {
        var rgb = new byte[3 * STEPS];
        for (int i = 0; i < STEPS; i++) {
            for (int colour = 0; colour < 3; colour++) {
                double value = 1.5 - Math.abs(4 * i / (STEPS - 1.0) - (3 - colour));
                rgb[3 * i + colour] = (byte) Math.round(255 * Math.max(0, Math.min(1, value)));
            }
        }
        return rgb;
    }
}
