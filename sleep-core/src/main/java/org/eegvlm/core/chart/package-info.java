/** Drawings as SVG, for a report's page or as files of their own. */
@NullMarked
package org.eegvlm.core.chart;

import org.jspecify.annotations.NullMarked;
