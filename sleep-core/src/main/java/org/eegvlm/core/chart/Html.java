package org.eegvlm.core.chart;

import java.util.Locale;

/** Text and numbers as they may stand in a page. */
public final class Html {

    private Html() {}

    /** The text, with everything that means something to HTML made harmless, within quotes too. */
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** A figure with this many decimals, a point between, whatever the locale. */
    public static String figure(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** {@code 71 %}, never broken into two lines. */
    public static String percent(double share) {
        return Math.round(100 * share) + "\u00a0%";
    }

    /** {@code 1 epoch}, {@code 2 epochs}. */
    public static String count(long number, String singular) {
        return number + " " + singular + (number == 1 ? "" : "s");
    }
}
