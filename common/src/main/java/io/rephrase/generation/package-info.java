/**
 * Engines that sample completions: {@code TorchEngine} (ours, continuous batching), {@code
 * ScriptedEngine} (tests). Plain ids in, plain ids out; no tokenizer, no table.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.generation;
