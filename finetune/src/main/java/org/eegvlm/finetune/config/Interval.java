package org.eegvlm.finetune.config;

import static org.eegvlm.core.Preconditions.require;

/**
 * How often a run saves or evaluates.
 *
 * @param steps of an interval of steps; 0 for the others
 */
public record Interval(Unit unit, int steps) {

    public static final Interval NEVER = new Interval(Unit.NO, 0);

    public static final Interval PASS = new Interval(Unit.EPOCH, 0);

    /** The words of transformers' {@code save_strategy} and {@code evaluation_strategy}. */
    public enum Unit {
        NO,
        STEPS,
        EPOCH
    }

    public Interval {
        require((unit == Unit.STEPS) == (steps > 0), "an interval of steps needs a positive number, was " + steps);
    }

    public static Interval ofSteps(int steps) {
        return new Interval(Unit.STEPS, steps);
    }

    /**
     * The interval of a strategy.
     *
     * @param name {@code no}, {@code steps} or {@code epoch}
     * @param steps of an interval of steps
     */
    public static Interval named(String name, int steps) {
        return switch (name) {
            case "no" -> NEVER;
            case "steps" -> ofSteps(steps);
            case "epoch" -> PASS;
            default ->
                throw new IllegalArgumentException("unknown strategy '%s'; use no, steps or epoch".formatted(name));
        };
    }
}
