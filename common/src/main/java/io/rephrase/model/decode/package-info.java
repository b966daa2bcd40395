/** Decoding with a key/value cache: one token a row and call, prompts filled in at once. */
@org.jspecify.annotations.NullMarked
package io.rephrase.model.decode;
