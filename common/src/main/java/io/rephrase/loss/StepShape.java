package io.rephrase.loss;

/**
 * Sizes of an optimizer step, known before its first micro-batch: what a loss is divided by belongs
 * to the step, never to a micro-batch.
 *
 * @param tokens in the loss, over all groups
 * @param learningTokens in the loss, over groups whose rewards differ and what is imitated
 * @param rows completions
 * @param countedRows completions with at least one token in the loss
 * @param maxTokens the longest completion allowed
 */
public record StepShape(
    double tokens, double learningTokens, int rows, int countedRows, int maxTokens) {}
