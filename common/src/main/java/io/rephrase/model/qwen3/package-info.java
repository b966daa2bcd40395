/** Qwen3. */
@org.jspecify.annotations.NullMarked
package io.rephrase.model.qwen3;
