package org.eegvlm.core.chart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A drawing, built shape by shape; what a class looks like is the style sheet's. */
public final class Svg {

    private final int width;
    private final int height;
    private final String title;
    private final StringBuilder shapes = new StringBuilder();

    /** @param title what the drawing shows, for those who cannot see it */
    public Svg(int width, int height, String title) {
        this.width = width;
        this.height = height;
        this.title = title;
    }

    /** A number of the drawing: tenths are finer than any screen here. */
    public static String n(double value) {
        var text = Html.figure(value, 1);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    public Svg line(double x1, double y1, double x2, double y2, String cssClass) {
        shapes.append("<path class=\"%s\" d=\"M%s %sL%s %s\"/>\n".formatted(cssClass, n(x1), n(y1), n(x2), n(y2)));
        return this;
    }

    public Svg path(String d, String cssClass) {
        if (!d.isEmpty()) {
            shapes.append("<path class=\"%s\" d=\"%s\"/>\n".formatted(cssClass, d));
        }
        return this;
    }

    /** @param anchor {@code start}, {@code middle} or {@code end}: which part of the text is at x */
    public Svg text(double x, double y, String anchor, String text) {
        shapes.append("<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n"
                .formatted(n(x), n(y), anchor, Html.escape(text)));
        return this;
    }

    /** A filled rectangle without an outline. */
    public Svg area(double x, double y, double width, double height, String colour, double opacity) {
        shapes.append("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\" fill-opacity=\"%s\"/>\n"
                .formatted(n(x), n(y), n(width), n(height), colour, Html.figure(opacity, 2)));
        return this;
    }

    /** A filled dot. */
    public Svg dot(double x, double y, double radius, String colour, double opacity) {
        shapes.append("<circle cx=\"%s\" cy=\"%s\" r=\"%s\" fill=\"%s\" fill-opacity=\"%s\"/>\n"
                .formatted(n(x), n(y), n(radius), colour, Html.figure(opacity, 2)));
        return this;
    }

    /** A picture, such as a {@code data:} address, stretched to a rectangle. */
    public Svg picture(double x, double y, double width, double height, String address) {
        shapes.append("<image x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" href=\"%s\"/>\n"
                .formatted(n(x), n(y), n(width), n(height), Html.escape(address)));
        return this;
    }

    /** To stand in a page, which has the style sheet. */
    public String inPage() {
        return "<svg viewBox=\"0 0 %s %s\" role=\"img\"><title>%s</title>\n%s</svg>"
                .formatted(width, height, Html.escape(title), shapes);
    }

    /** To be a file of its own. */
    public String file() {
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" font-family="sans-serif" style="background:#fff">
                <title>%s</title>
                <style>
                %s</style>
                %s</svg>
                """.formatted(width, height, Html.escape(title), style(), shapes);
    }

    /** What the classes of drawings look like. */
    public static String style() {
        try (var css = Svg.class.getResourceAsStream("chart.css")) {
            if (css == null) {
                throw new IllegalStateException("chart.css is missing from the jar");
            }
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
