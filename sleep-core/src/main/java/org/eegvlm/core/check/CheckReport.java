package org.eegvlm.core.check;

import static org.eegvlm.core.Preconditions.require;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What was checked, and what is wrong.
 *
 * @param checks in the order of the flow
 */
public record CheckReport(List<Check> checks) {

    public CheckReport {
        checks = List.copyOf(checks);
    }

    /**
     * One of the checks.
     *
     * @param what was checked
     * @param found what was there to check
     * @param problems a sentence each; some where it is bad, none else
     */
    public record Check(String what, String found, State state, List<String> problems) {
        public Check {
            problems = List.copyOf(problems);
            require(problems.isEmpty() == (state != State.BAD), "%s with %d problems", state, problems.size());
        }

        static Check of(String what, String found, List<String> problems) {
            return new Check(what, found, problems.isEmpty() ? State.GOOD : State.BAD, problems);
        }

        static Check unknown(String what, String found) {
            return new Check(what, found, State.UNKNOWN, List.of());
        }
    }

    /** How a check ended. */
    public enum State {
        @JsonProperty("good")
        GOOD,
        @JsonProperty("bad")
        BAD,
        /** What would tell is not there. */
        @JsonProperty("unknown")
        UNKNOWN
    }

    /** All that is wrong. */
    public List<String> problems() {
        return checks.stream().flatMap(check -> check.problems().stream()).toList();
    }
}
