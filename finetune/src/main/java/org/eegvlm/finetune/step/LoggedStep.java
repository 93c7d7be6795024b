package org.eegvlm.finetune.step;

/**
 * What a step tells: a line of {@code loss.jsonl}.
 *
 * @param step from 1
 * @param loss mean cross entropy of the step's supervised tokens, before its update
 * @param learningRate of the LoRA weights in this step
 * @param gradNorm joint L2 norm of all gradients, before they were scaled down
 * @param tokens read in this step, pictures included, padding not
 */
public record LoggedStep(long step, double loss, double learningRate, double gradNorm, long tokens) {}
