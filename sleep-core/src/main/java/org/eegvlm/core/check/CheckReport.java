package org.eegvlm.core.check;

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
     * @param problems a sentence each
     */
    public record Check(String what, String found, List<String> problems) {
        public Check {
            problems = List.copyOf(problems);
        }
    }

    /** All that is wrong. */
    public List<String> problems() {
        return checks.stream().flatMap(check -> check.problems().stream()).toList();
    }
}
