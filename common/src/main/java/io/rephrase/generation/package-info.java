/**
 * Engines that sample completions: {@code TorchEngine} (ours, continuous batching), {@code
 * ScriptedEngine} (tests), and in {@code server} an engine that asks one. Plain ids in, plain ids
 * out; no tokenizer, no table.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.generation;
