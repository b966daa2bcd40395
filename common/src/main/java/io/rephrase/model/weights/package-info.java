/**
 * Safetensors files in and out: validated headers, memory-mapped reading, sharded writing. Knows
 * names, shapes and numbers; nothing of models or of native tensors.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.model.weights;
