/**
 * Simulated nights, so that everything can be tried without a download. They look like Sleep-EDF's files, and both
 * headers say that they are simulated.
 *
 * <pre>{@code
 * new Simulation(new SimulationConfig(Path.of("sleep_data/raw"), 12, 110, 42), Progress.SILENT).run();
 * }</pre>
 */
@NullMarked
package org.eegvlm.core.sim;

import org.jspecify.annotations.NullMarked;
