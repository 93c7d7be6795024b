/**
 * LLaVA-1.5: pictures and feature rows in front of a Llama decoder.
 *
 * <pre>{@code
 * try (var model = LlavaModel.open(folder, Optional.of(base), LoadOptions.on("cpu"))) {
 *     var pictures = List.of(picture, picture);
 *     var request = new VqaRequest("SIM4011-0007", pictures, Optional.of(featureRow), "Which sleep stage is this?");
 *     var answers = model.answer(List.of(request), new AnswerOptions(Conversation.V1, FeatureMode.FUSE, 128));
 * }
 * }</pre>
 *
 * <p>Doors: {@link org.eegvlm.llava.LlavaModel}, {@link org.eegvlm.llava.Examiner}; for training also {@link
 * org.eegvlm.llava.PromptTokenizer} and {@link org.eegvlm.llava.SpliceLayout}.
 */
@NullMarked
package org.eegvlm.llava;

import org.jspecify.annotations.NullMarked;
