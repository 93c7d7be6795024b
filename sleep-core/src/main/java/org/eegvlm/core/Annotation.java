package org.eegvlm.core;

import java.util.Optional;

/** A remark on a stretch of a recording: where it starts and how long it lasts, in seconds from the recording's start. */
public record Annotation(double onsetSeconds, Optional<Double> durationSeconds, String text) {}
