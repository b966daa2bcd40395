/** Qwen2 and Qwen2.5. */
@org.jspecify.annotations.NullMarked
package io.rephrase.model.qwen2;
