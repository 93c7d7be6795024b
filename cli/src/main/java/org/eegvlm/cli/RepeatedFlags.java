package org.eegvlm.cli;

import static org.eegvlm.core.Preconditions.require;

import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Looks for flags that stand twice on the line. Those in a group picocli takes: it begins the group anew, and all that
 * was given of it before is lost.
 */
final class RepeatedFlags {

    private RepeatedFlags() {}

    /**
     * @param arguments of the command, flags spelt with dashes
     * @throws IllegalArgumentException naming a flag that stands twice and takes one value
     */
    static void refuse(CommandLine command, String... arguments) {
        Map<OptionSpec, String> seen = new HashMap<>();
        for (var argument : arguments) {
            var name = argument.replaceFirst("=.*", "");
            var option = name.startsWith("--") ? command.getCommandSpec().findOption(name) : null;
            if (option != null && !option.isMultiValue()) {
                var before = seen.put(option, name);
                require(before == null, "%s: give this flag once, it stands twice", name);
            }
        }
    }
}
