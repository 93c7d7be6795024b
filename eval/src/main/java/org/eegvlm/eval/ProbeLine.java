package org.eegvlm.eval;

import com.fasterxml.jackson.databind.JsonNode;

/** What {@code probe} prints of a question. */
@SuppressWarnings("ArrayRecordComponent")
record ProbeLine(JsonNode questionId, int[] inputIds, int[] greedyIds) {}
