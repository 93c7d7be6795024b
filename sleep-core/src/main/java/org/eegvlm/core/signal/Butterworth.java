package org.eegvlm.core.signal;

import static org.eegvlm.core.Preconditions.require;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Digital Butterworth filters (Butterworth 1930): the analogue prototype's poles, moved to the band, by the bilinear
 * transform. The same filters as SciPy's {@code butter(order, edges, kind, output="sos")}.
 *
 * <p>At an edge one pass has −3 dB; forwards and backwards it is −6 dB.
 */
public final class Butterworth {

    private static final int HIGHEST_ORDER = 12;

    private Butterworth() {}

    private record Complex(double re, double im) {

        Complex plus(Complex other) {
            return new Complex(re + other.re, im + other.im);
        }

        Complex minus(Complex other) {
            return new Complex(re - other.re, im - other.im);
        }

        Complex times(double factor) {
            return new Complex(re * factor, im * factor);
        }

        Complex squared() {
            return new Complex(re * re - im * im, 2 * re * im);
        }

        Complex over(Complex other) {
            double square = other.re * other.re + other.im * other.im;
            return new Complex((re * other.re + im * other.im) / square, (im * other.re - re * other.im) / square);
        }

        double abs() {
            return Math.hypot(re, im);
        }

        /** The root with a real part that is not negative. */
        Complex root() {
            double real = Math.sqrt((abs() + Math.abs(re)) / 2);
            if (real == 0) {
                return this;
            }
            return re >= 0
                    ? new Complex(real, im / (2 * real))
                    : new Complex(Math.abs(im) / (2 * real), Math.copySign(real, im));
        }
    }

    /**
     * Passes what is between the two edges.
     *
     * @param order of each edge, so that there are as many sections
     */
    public static SecondOrderSections bandPass(int order, double lowHz, double highHz, double rateHz) {
        check(order, lowHz, rateHz);
        check(order, highHz, rateHz);
        require(lowHz < highHz, "a band's low edge must be below its high edge, was %s to %s Hz", lowHz, highHz);
        double low = analogue(lowHz, rateHz);
        double high = analogue(highHz, rateHz);
        var poles = new ArrayList<Complex>();
        for (var pole : prototype(order)) {
            var half = pole.times((high - low) / 2);
            var root = half.squared().minus(new Complex(low * high, 0)).root();
            poles.add(half.plus(root));
            poles.add(half.minus(root));
        }
        double centre = 2 * Math.atan(Math.sqrt(low * high));
        return sections(poles, new double[] {1, 0, -1}, centre);
    }

    /** Passes what is above the edge. */
    public static SecondOrderSections highPass(int order, double edgeHz, double rateHz) {
        check(order, edgeHz, rateHz);
        var edge = new Complex(analogue(edgeHz, rateHz), 0);
        var poles = prototype(order).stream().map(edge::over).toList();
        return sections(poles, new double[] {1, -2, 1}, Math.PI);
    }

    /** Passes what is below the edge. */
    public static SecondOrderSections lowPass(int order, double edgeHz, double rateHz) {
        check(order, edgeHz, rateHz);
        double edge = analogue(edgeHz, rateHz);
        var poles = prototype(order).stream().map(pole -> pole.times(edge)).toList();
        return sections(poles, new double[] {1, 2, 1}, 0);
    }

    private static void check(int order, double edgeHz, double rateHz) {
        require(1 <= order && order <= HIGHEST_ORDER, "filter order must be 1 to %d, was %d", HIGHEST_ORDER, order);
        SecondOrderSections.requireBelowNyquist(edgeHz, rateHz);
    }

    /** The frequency that the bilinear transform s = (z − 1) / (z + 1) takes to the wanted one. */
    private static double analogue(double hz, double rateHz) {
        return Math.tan(Math.PI * hz / rateHz);
    }

    /** The poles of the analogue low-pass filter with its edge at 1: on the left half of the unit circle. */
    private static List<Complex> prototype(int order) {
        var poles = new ArrayList<Complex>();
        for (int m = 1 - order; m < order; m += 2) {
            double angle = Math.PI * m / (2 * order);
            poles.add(new Complex(-Math.cos(angle), m == 0 ? 0 : -Math.sin(angle)));
        }
        return poles;
    }

    /**
     * Pairs the poles, gives each pair the zeros, and each section gain 1 at {@code unity}, in radians a sample. The
     * sharpest section comes last.
     */
    private static SecondOrderSections sections(List<Complex> analogue, double[] zeros, double unity) {
        var one = new Complex(1, 0);
        var poles = analogue.stream()
                .map(pole -> one.plus(pole).over(one.minus(pole)))
                .sorted(Comparator.comparingDouble(Complex::abs))
                .toList();
        var sections = new ArrayList<double[]>();
        var real = poles.stream().filter(pole -> pole.im == 0).toList();
        for (int i = 0; i + 1 < real.size(); i += 2) {
            sections.add(section(zeros, -real.get(i).re - real.get(i + 1).re, real.get(i).re * real.get(i + 1).re));
        }
        if (real.size() % 2 == 1) {
            var firstOrder = new double[] {1, zeros[1] / 2, 0};
            sections.add(section(firstOrder, -real.get(real.size() - 1).re, 0));
        }
        poles.stream()
                .filter(pole -> pole.im > 0)
                .map(pole -> section(zeros, -2 * pole.re, pole.re * pole.re + pole.im * pole.im))
                .forEach(sections::add);
        sections.forEach(section -> scale(section, unity));
        return new SecondOrderSections(sections.toArray(double[][]::new));
    }

    private static double[] section(double[] zeros, double a1, double a2) {
        return new double[] {zeros[0], zeros[1], zeros[2], a1, a2};
    }

    private static void scale(double[] section, double unity) {
        double gain = SecondOrderSections.gain(section, unity);
        for (int i = 0; i < 3; i++) {
            section[i] /= gain;
        }
    }
}
