/**
 * The map of the house. {@code common} is the method: it reads as a textbook on RePO (arXiv
 * 2602.10819) and cannot see Spark, Delta or Hadoop.
 *
 * <ul>
 *   <li>{@link io.rephrase.data}: what flows; records only
 *   <li>{@code io.rephrase.prompt}: tokens, chat templates, the question and rephrase prompts
 *   <li>{@code io.rephrase.lines}: files of JSON lines
 *   <li>{@code io.rephrase.reward}: verifiers
 *   <li>{@link io.rephrase.benchmark}: public benchmarks' file formats as prompts
 *   <li>{@link io.rephrase.contamination}: what training texts share with benchmark problems
 *   <li>{@link io.rephrase.evaluation}: scores of benchmarks and how sure they are
 *   <li>{@code io.rephrase.guidance}: the gate, substitution, advantages
 *   <li>{@code io.rephrase.loss}: losses, aggregations, the catalogue of algorithms
 *   <li>{@link io.rephrase.model}: causal language models and their families
 *   <li>{@link io.rephrase.memory}: what is taken, and what the machine has
 *   <li>{@code io.rephrase.torch}: the TorchScript kernels
 *   <li>{@link io.rephrase.generation}: engines that sample completions
 *   <li>{@link io.rephrase.endpoint}: talks to model servers
 *   <li>{@code io.rephrase.training}: the policy trainer
 *   <li>{@link io.rephrase.bench}: measures the machine, decoding and training
 *   <li>{@code io.rephrase.config}: a run's configuration
 * </ul>
 *
 * This package itself holds {@link io.rephrase.RephraseException} and its few subtypes: the user's
 * mistakes, shown as one message without a stack trace.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase;
