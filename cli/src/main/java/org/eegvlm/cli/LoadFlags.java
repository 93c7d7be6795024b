package org.eegvlm.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** How much of the machine is taken at a time, in the same words wherever pictures go through a network. */
final class LoadFlags {

    @Option(
            names = "--at-once",
            paramLabel = "PICTURES",
            description = "Pictures that go through the network at once, at most (as many as memory holds).")
    private Optional<Integer> atOnce = Optional.empty();

    @Option(names = "--threads", description = "Threads that compute (all processors of this process).")
    private Optional<Integer> threads = Optional.empty();

    Optional<Integer> atOnce() {
        return atOnce;
    }

    Optional<Integer> threads() {
        return threads;
    }
}
