/** Llama, SmolLM and their kin. */
@org.jspecify.annotations.NullMarked
package io.rephrase.model.llama;
