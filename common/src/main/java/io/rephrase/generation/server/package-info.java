/**
 * Sampling by a server: one class for what each kind of server calls things, and the engine that
 * asks, waits and checks what comes back.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.generation.server;
