/**
 * Losses as plain arithmetic over log-probabilities: one class a loss, each with its gradient; the
 * aggregations that weigh completions within an optimizer step; the catalogue of algorithms. No
 * tensor, no tokenizer, no table: {@link io.rephrase.model.ScoreGradient} carries the gradient back
 * into a model. A new loss is a class here, a new algorithm a row of {@link
 * io.rephrase.loss.Algorithms}.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.loss;
