package org.eegvlm.cli;

/**
 * Both spellings of a long flag: the published commands write {@code --model-path} in one place and {@code
 * --lora_alpha} in another, and nobody should have to remember which.
 */
final class FlagSpelling {

    private FlagSpelling() {}

    /** The arguments with dashes for underscores in flag names; values stay as they are. */
    static String[] withDashes(String[] arguments) {
        var result = arguments.clone();
        for (int i = 0; i < result.length && !result[i].equals("--"); i++) {
            if (result[i].startsWith("--")) {
                result[i] = withDashes(result[i]);
            }
        }
        return result;
    }

    private static String withDashes(String flag) {
        int end = flag.indexOf('=') < 0 ? flag.length() : flag.indexOf('=');
        return flag.substring(0, end).replace('_', '-') + flag.substring(end);
    }
}
