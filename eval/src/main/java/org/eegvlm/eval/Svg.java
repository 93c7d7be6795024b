package org.eegvlm.eval;

/** A drawing, built shape by shape; what a class looks like is the style sheet's. */
final class Svg {

    private final StringBuilder shapes = new StringBuilder();

    /** @param title what the drawing shows, for those who cannot see it */
    Svg(int width, int height, String title) {
        shapes.append("<svg viewBox=\"0 0 %s %s\" role=\"img\"><title>%s</title>\n"
                .formatted(width, height, Html.escape(title)));
    }

    /** A number of the drawing: tenths are finer than any screen here. */
    static String n(double value) {
        var text = Html.figure(value, 1);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    Svg line(double x1, double y1, double x2, double y2, String cssClass) {
        shapes.append("<path class=\"%s\" d=\"M%s %sL%s %s\"/>\n".formatted(cssClass, n(x1), n(y1), n(x2), n(y2)));
        return this;
    }

    Svg path(String d, String cssClass) {
        if (!d.isEmpty()) {
            shapes.append("<path class=\"%s\" d=\"%s\"/>\n".formatted(cssClass, d));
        }
        return this;
    }

    /** @param anchor {@code start}, {@code middle} or {@code end}: which part of the text is at x */
    Svg text(double x, double y, String anchor, String text) {
        shapes.append("<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n"
                .formatted(n(x), n(y), anchor, Html.escape(text)));
        return this;
    }

    String end() {
        return shapes + "</svg>";
    }
}
