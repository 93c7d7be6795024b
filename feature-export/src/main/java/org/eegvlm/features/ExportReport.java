package org.eegvlm.features;

/** How many rows each feature file has; 0 where there is no such file. */
public record ExportReport(int trainRows, int evalRows) {}
