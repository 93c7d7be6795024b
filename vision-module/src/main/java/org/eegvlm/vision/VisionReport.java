package org.eegvlm.vision;

import java.nio.file.Path;

/** @param model the folder of the trained model */
public record VisionReport(Path model, VisionMetrics metrics) {}
