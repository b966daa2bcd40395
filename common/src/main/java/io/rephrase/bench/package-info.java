/**
 * Measures this machine and what decoding and training get out of it. Rates are read beside the
 * machine's own, taken in the same run: absolute figures move, shares tell.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.bench;
