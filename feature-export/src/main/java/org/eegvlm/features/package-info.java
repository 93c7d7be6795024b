/**
 * What the language model is fed: a row of 1024 features for each epoch, and the samples that ask about it.
 *
 * <pre>{@code
 * new FeatureExport(new ExportConfig(manifest, visionModel, sleepData), progress).run();
 * FeatureMap.draw(manifest, List.of(trainRows, evalRows), svg, false);
 * new DatasetBuild(new BuildConfig(manifest, sleepData), progress).run();
 * }</pre>
 */
@NullMarked
package org.eegvlm.features;

import org.jspecify.annotations.NullMarked;
