package org.eegvlm.core.edf;

import java.util.Locale;
import java.util.Optional;

/**
 * The six kinds of file of the family: 16 or 24 bits a sample, and plain, with annotations (+C), or with annotations
 * and gaps (+D).
 */
public enum EdfFormat {
    EDF("EDF", 2, ""),
    EDF_C("EDF+C", 2, "EDF+C"),
    EDF_D("EDF+D", 2, "EDF+D"),
    BDF("BDF", 3, "24BIT"),
    BDF_C("BDF+C", 3, "BDF+C"),
    BDF_D("BDF+D", 3, "BDF+D");

    private final String label;
    private final int bytesPerSample;
    private final String reserved;

    EdfFormat(String label, int bytesPerSample, String reserved) {
        this.label = label;
        this.bytesPerSample = bytesPerSample;
        this.reserved = reserved;
    }

    /** What the header's first 44 reserved characters begin with tells annotations and gaps; anything else is plain. */
    static EdfFormat of(boolean wide, String reserved) {
        var mark = reserved.length() < 5 ? "" : reserved.substring(1, 5).toUpperCase(Locale.ROOT);
        return switch (mark) {
            case "DF+C" -> wide ? BDF_C : EDF_C;
            case "DF+D" -> wide ? BDF_D : EDF_D;
            default -> wide ? BDF : EDF;
        };
    }

    /** Its name in the specifications: {@code EDF+C}. */
    public String label() {
        return label;
    }

    public int bytesPerSample() {
        return bytesPerSample;
    }

    /** Whether it has annotations and time stamps. */
    public boolean isPlus() {
        return label.contains("+");
    }

    public boolean isDiscontinuous() {
        return label.endsWith("D");
    }

    boolean isWide() {
        return bytesPerSample == 3;
    }

    /** The label of a signal that holds annotations instead of samples. */
    String annotationsLabel() {
        return isWide() ? "BDF Annotations" : "EDF Annotations";
    }

    String reserved() {
        return reserved;
    }

    int leastDigital() {
        return -1 << 8 * bytesPerSample - 1;
    }

    int mostDigital() {
        return -leastDigital() - 1;
    }

    /** What is odd about the reserved field, if anything is. */
    Optional<String> oddity(String field) {
        return isPlus() && !field.startsWith(reserved)
                ? Optional.of("the header says '%s' where %s says '%s'".formatted(field, label, reserved))
                : Optional.empty();
    }
}
