/**
 * Verifiers: an answer in, a reward and its reason out. Plain Java, stateless, thread-safe; never
 * throws for what a model wrote. One asks a {@code Judge}, which may be a server. A new verifier is
 * a class here and a line in {@code Verifiers}.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.reward;
