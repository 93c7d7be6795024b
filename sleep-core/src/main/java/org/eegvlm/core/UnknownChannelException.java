package org.eegvlm.core;

import java.util.stream.Collectors;

/** Thrown where a channel is asked for that the recording lacks; the message lists those it has. */
public final class UnknownChannelException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public UnknownChannelException(Recording recording, String label) {
        super("%s has no channel '%s'; it has: %s"
                .formatted(
                        recording.name(),
                        label,
                        recording.channels().stream().map(Channel::label).collect(Collectors.joining(", "))));
    }
}
